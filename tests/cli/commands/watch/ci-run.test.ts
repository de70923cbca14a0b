import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { buildkiteVendor } from "../../../servers/ci/buildkite.ts";
import { type CiServer, startCi } from "../../../servers/ci/vendor.ts";

const [PAGE = ""] = buildkiteVendor.pages("");

async function watched(state: string | null, env?: Readonly<Record<string, string>>) {
  const server: CiServer = await startCi(buildkiteVendor);
  onTestFinished(() => server.close());
  if (state !== null) server.world.state = state;
  const user = sandbox();
  const all = env ?? buildkiteVendor.env(server.url);
  const args = ["watch", "build", `${PAGE}?utm_source=mail&token=hunter2hunter2`, "--json"];
  const result = await user.p9(args, { env: { ...all, BUILDKITE_API_URL: server.url }, timeoutMs: 90_000 });
  const kept = readdirSync(user.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"));
  return { ...result, report: result.stdout === "" ? null : JSON.parse(result.stdout), kept: kept.join("\n") };
}

test("a run of another CI that passed is green", async () => {
  const { code, report } = await watched("passed");
  expect({ code, ...report }).toMatchObject({ code: 0, outcome: "succeeded", kind: "build" });
});

test("one that failed is red with its log, and no secret is on the disk or shown", async () => {
  const { code, report, kept, stdout, stderr } = await watched(null);
  expect({ code, ...report }).toMatchObject({
    code: 10,
    outcome: "failed",
    url: PAGE,
    evidence: [{ job: ":typescript: Types", file: "src/a.ts", line: 12, text: expect.stringContaining("TS2322") }],
    log_tail: expect.arrayContaining([expect.stringMatching(/^src\/a\.ts\(12,5\): error/)]),
  });
  for (const text of [stdout, stderr, kept]) {
    expect(text).not.toContain("secret-of-buildkite");
    expect(text).not.toContain("hunter2");
  }
});

test("one that waits for a person is blocked", async () => {
  expect(await watched("blocked")).toMatchObject({ code: 11, report: { outcome: "blocked" } });
});

test("without its token the watch ends and names the variable", async () => {
  const { code, stdout, stderr } = await watched("running", {});
  expect(code).toBe(4);
  expect(stdout + stderr).toContain('"BUILDKITE_API_TOKEN"');
}, 120_000);
