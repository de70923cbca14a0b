import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PrepareNotifier } from "../fixture.ts";
import { write } from "../world.ts";

export default (({ work }) => {
  const folder = dirname(work);
  write(folder, "bin/osascript", "#!/bin/sh\nexit 0\n");
  chmodSync(join(folder, "bin/osascript"), 0o755);
  return { program: "osascript" };
}) satisfies PrepareNotifier;
