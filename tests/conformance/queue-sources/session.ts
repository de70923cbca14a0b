import type { PrepareSource } from "../fixture.ts";
import { SESSION, write } from "../world.ts";

/** A task that the client keeps for the session. */
export default (async ({ env }) => {
  const task = { id: "1", subject: "Tidy up", description: "", status: "pending", metadata: { wait_ok: true } };
  write(env.HOME ?? "", `.claude/tasks/${SESSION}/1.json`, JSON.stringify({ ...task, blocks: [], blockedBy: [] }));
  return {};
}) satisfies PrepareSource;
