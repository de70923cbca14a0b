import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HarnessName } from "../../src/harness/harness.ts";
import { HARNESSES } from "../../src/harness/registry.ts";
import { sandbox } from "../helpers/p9.ts";

/** Clients with a set-up of their own kind. */
export const CLIENTS = HARNESSES.filter((name): name is Exclude<HarnessName, "claude"> => name !== "claude");

/** A user whose home and repository are to be compared. */
export function user() {
  const box = sandbox();
  spawnSync("git", ["init", "-q", box.work]);
  const env = { GH_TOKEN: "x", PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const put = (path: string, text: string, mode?: number) => {
    const full = join(box.dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    if (mode !== undefined) chmodSync(full, mode);
    return full;
  };
  return {
    ...box,
    put,
    read: (path: string) => readFileSync(join(box.dir, path), "utf8"),
    run: (...args: string[]) => box.p9(args, { env }),
    json: <T>(...args: string[]) => box.json<T>(args, { env }),
    /** Every file but p9's state and git's, with its kind, permissions and bytes. */
    files: () => filesBelow(box.dir, (path) => path === box.home || path === join(box.work, ".git")),
  };
}

function filesBelow(folder: string, isLeft: (path: string) => boolean): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (isLeft(path)) return [];
      if (stat.isDirectory()) return [[`${path}/`, ""], ...Object.entries(filesBelow(path, isLeft))];
      const kind = stat.isSymbolicLink() ? "link" : (stat.mode & 0o777).toString(8);
      return [[path, `${kind} ${readFileSync(path).toString("hex")}`]];
    }),
  );
}
