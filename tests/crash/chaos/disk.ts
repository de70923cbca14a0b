import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A small file system of its own for a state directory, which can be filled. */
export interface Disk {
  /** Whether it is one: mounting needs root. Without it, {@link fill} does nothing. */
  readonly mounted: boolean;
  fill(): void;
  free(): void;
  unmount(): void;
}

/** Mounts a `tmpfs` of 24 MB at `path`; where that is not allowed, the directory stays an ordinary one. */
export function smallDisk(path: string): Disk {
  mkdirSync(path, { recursive: true });
  const mounted =
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", path], { stdio: "ignore" }).status === 0;
  const ballast = join(path, "ballast");
  return {
    mounted,
    fill: () => {
      if (mounted) writeUntilFull(ballast);
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => {
      if (mounted) spawnSync("umount", ["-l", path], { stdio: "ignore" });
    },
  };
}

function writeUntilFull(path: string): void {
  const fd = openSync(path, "a");
  try {
    for (let size = 1 << 20; size >= 512; size >>= 1) {
      const block = Buffer.alloc(size);
      try {
        for (;;) if (writeSync(fd, block) < size) break;
      } catch {
        // No room for a block of this size; a smaller one may fit.
      }
    }
  } finally {
    closeSync(fd);
  }
}
