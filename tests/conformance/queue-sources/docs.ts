import { execFileSync } from "node:child_process";
import type { PrepareSource } from "../fixture.ts";
import { CHANGED_FILE, write } from "../world.ts";

/** A repository whose README speaks of a function that the change renames. */
export default (async ({ work }) => {
  write(work, "README.md", `See ${CHANGED_FILE} for how dropCache() works.\n`);
  write(work, CHANGED_FILE, "export function keepCache() {}\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: work });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  const diff = [
    `diff --git a/${CHANGED_FILE} b/${CHANGED_FILE}`,
    `--- a/${CHANGED_FILE}`,
    `+++ b/${CHANGED_FILE}`,
    "@@ -1 +1 @@",
    "-export function dropCache() {}",
    "+export function keepCache() {}",
    "",
  ].join("\n");
  return { diff: async () => diff };
}) satisfies PrepareSource;
