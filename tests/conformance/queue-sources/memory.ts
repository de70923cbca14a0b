import type { PrepareSource } from "../fixture.ts";
import { write } from "../world.ts";

/** A flagged line in the client's memory of the project. */
export default (async ({ env, work }) => {
  const project = work.replace(/[^a-zA-Z0-9]/g, "-");
  write(env.HOME ?? "", `.claude/projects/${project}/memory/MEMORY.md`, "- The cache is stale: needs follow-up\n");
  return {};
}) satisfies PrepareSource;
