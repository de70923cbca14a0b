import type { Confine, Mount } from "../view.ts";

/** Confines by bubblewrap. Whatever the command leaves running ends with it. */
export const bubblewrap: Confine = ({ mounts, cwd, network }, argv) => [
  "bwrap",
  ...["--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
  ...(network ? [] : ["--unshare-net"]),
  // Root would keep its capabilities, and with them the means to undo all this.
  ...["--die-with-parent", "--cap-drop", "ALL"],
  ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
  ...mounts.flatMap(option),
  // What is written there would fill the machine's memory.
  ...mounts.flatMap(({ kind, to }) => (kind === "empty" ? ["--remount-ro", to] : [])),
  ...["--chdir", cwd, "--", ...argv],
];

function option(mount: Mount): string[] {
  if (mount.kind === "empty") return ["--tmpfs", mount.to];
  return [mount.kind === "read" ? "--ro-bind" : "--bind", mount.from, mount.to];
}
