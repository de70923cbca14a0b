import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { addIssue, addLabel, emptyLinear } from "../../servers/linear/data.ts";
import { startLinear } from "../../servers/linear/server.ts";
import type { PrepareSource } from "../fixture.ts";

/** An issue beside the one in flight, of the same area and cycle. */
export default (async ({ home, env }) => {
  const data = emptyLinear();
  const area = addLabel(data, "area:watch");
  addIssue(data, { title: "The one in flight", cycleId: "cycle-now", labelIds: [area] });
  addIssue(data, { title: "Another", cycleId: "cycle-now", labelIds: [area] });
  const server = await startLinear(data);
  onTestFinished(() => void server.close());
  // It keeps its last answer for a while: each look here is a first one.
  const dataDir = () => {
    mkdirSync(join(home, "data"), { recursive: true });
    return mkdtempSync(join(home, "data", "linear-"));
  };
  return { env: { ...env, LINEAR_API_KEY: server.key, LINEAR_API_URL: server.url }, dataDir };
}) satisfies PrepareSource;
