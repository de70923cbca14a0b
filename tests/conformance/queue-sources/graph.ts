import type { PrepareSource } from "../fixture.ts";
import { CHANGED_FILE, write } from "../world.ts";

/** A catalog with a page about the changed file. */
export default (async ({ env }) => {
  const catalog = `#### cache [concept · stable]\nThe cache never goes stale\n→ store · src: ${CHANGED_FILE}\npath: cache.md\n`;
  write(env.HOME ?? "", "broomva/docs/knowledge-index.md", `${catalog}\n`);
  return {};
}) satisfies PrepareSource;
