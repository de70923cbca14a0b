import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { askedAbout, grant, isTrusted } from "../../src/trust/trust.ts";
import { sandbox } from "../helpers/p9.ts";

/** Files with their texts; null: it is removed. */
export type Files = Readonly<Record<string, string | null>>;

/** A repository with these files in which a command was agreed to; then its files are changed, and whether it still runs is asked. */
export function repository(files: Files, command: string) {
  const user = sandbox();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
      cwd: user.work,
      env: { ...process.env, ...user.env },
      stdio: "pipe",
      encoding: "utf8",
    });
  const write = (changed: Files) => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(user.work, path)), { recursive: true });
      if (text === null) rmSync(join(user.work, path));
      else writeFileSync(join(user.work, path), text);
    }
  };
  const commit = () => {
    git("add", "-A");
    git("commit", "-qm", "x", "--allow-empty");
  };
  git("init", "-q");
  write(files);
  commit();
  const place = { home: user.home, env: user.env, cwd: user.work };
  const subject = { subject: "repair", content: command, command, fromHead: true };
  return {
    user,
    git,
    write,
    commit,
    agree: async () => grant(place, [await askedAbout(place, subject)], 0),
    content: async () => (await askedAbout(place, subject)).content,
    asked: () => askedAbout(place, subject),
    runs: () => isTrusted(place, subject),
  };
}

/** Whether the command still runs unasked after the change. */
export async function stillRuns(files: Files, command: string, change: Files): Promise<boolean> {
  const one = repository(files, command);
  await one.agree();
  expect(await one.runs()).toBe(true);
  one.write(change);
  one.commit();
  return one.runs();
}
