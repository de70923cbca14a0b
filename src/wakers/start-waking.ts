import type { InboxFolder } from "../inbox/folder.ts";
import { detach } from "../process/exec.ts";
import { selfArgv } from "../process/self.ts";
import { makeDir } from "../store/files.ts";
import { paths } from "../store/paths.ts";
import { hasWaker } from "./registry.ts";

/** Has a process of its own bring back each of these sessions whose client has a waker. */
export async function startWaking(
  folders: readonly InboxFolder[],
  { home, env }: { readonly home: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  for (const { client } of folders.filter((folder) => hasWaker(folder.client))) {
    const { logs } = paths(home);
    makeDir(logs);
    const argv = selfArgv(["hook", "wake", "--session", client]);
    await detach(argv, { cwd: home, env: { ...env, BROOMVA_P9_HOME: home }, log: `${logs}/wake.log` });
  }
}
