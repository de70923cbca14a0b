import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Confinement, problemWith, WAYS } from "../../../src/heal/confine/confinement.ts";
import { cacheFolder, type Ground, groundFor } from "../../../src/heal/confine/ground.ts";
import { addWorktree, healFolder, removeWorktree } from "../../../src/heal/repair/worktree.ts";
import { run } from "../../../src/process/exec.ts";

/** A user with a checkout, and a worktree of it for a heal. */
export interface Lab {
  /** All of it. */
  readonly dir: string;
  readonly home: string;
  readonly checkout: string;
  readonly ground: Ground;
  readonly worktree: string;
  readonly env: Record<string, string>;
  /** Ends the heal, and prepares the ground of the next one. */
  next(): Promise<Ground>;
  /** Interrupts the heal. */
  interrupt(): void;
  /** Everything that is not the heal's own, with its content: equal before and after a command that left no mark. */
  outside(): string;
}

const OPEN: Confinement = { name: null, confine: null, words: "not confined" };

/** Why a way to confine cannot be tested here, or null; continuous integration has both. */
export async function missing(name: keyof typeof WAYS): Promise<string | null> {
  const problem = await problemWith(WAYS[name], { exec: run, env: process.env });
  if (problem === null) return null;
  const why = `${name} does not work here: ${problem}`;
  if (process.env.P9_TEST_REQUIRE_CLIENT === "1") throw new Error(`Cannot test how heals are confined: ${why}`);
  console.warn(`left out: ${why}`);
  return why;
}

/** Makes the lab; it is removed with the test. */
export async function lab(name: keyof typeof WAYS | "open", files: Record<string, string> = {}): Promise<Lab> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "p9-lab-")));
  const [home, checkout] = [join(dir, "user"), join(dir, "user/code/app")];
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  put(join(home, ".ssh/id_rsa"), "a private key\n", 0o600);
  put(
    join(home, ".npmrc"),
    "registry=https://npm.example.test/\n//npm.example.test/:_authToken=npm_0123456789abcdef\n",
  );
  put(join(home, ".local/share/uv/credentials/credentials.toml"), "key = a private key\n", 0o600);
  put(join(home, "tools/bin/greet"), "#!/bin/sh\necho greetings\n", 0o755);
  put(join(home, "other/node_modules/fixer/cli.sh"), "#!/bin/sh\necho fixed > a.txt\n", 0o755);
  put(join(checkout, "node_modules/fixer/index.txt"), "installed\n");
  put(join(checkout, "node_modules/.cache/kept"), "kept\n");
  mkdirSync(join(checkout, "node_modules/.bin"));
  symlinkSync(join(home, "other/node_modules/fixer/cli.sh"), join(checkout, "node_modules/.bin/fixer"));
  const env = {
    // One that the home lies in, too.
    PATH: [join(home, "tools/bin"), dir, process.env.PATH].join(":"),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", checkout, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      env,
      encoding: "utf8",
    });
  put(join(checkout, "a.txt"), "broken\n");
  put(join(checkout, "package.json"), "{}\n");
  put(join(checkout, ".gitignore"), "node_modules\n");
  for (const [path, text] of Object.entries(files)) put(join(checkout, path), text);
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  const state = join(home, ".config/broomva/p9");
  put(join(state, "trust.json"), "{}\n");
  const going = new AbortController();
  const deps = { exec: run, env, home: state, cache: cacheFolder(state, "octo/app"), signal: going.signal };
  const worktree = await addWorktree(checkout, healFolder(state, "octo/app"), git("rev-parse", "HEAD").trim(), deps);
  const how = name === "open" ? OPEN : { name, confine: WAYS[name], words: name };
  const ground = await (await groundFor(worktree, deps, how)).bringDependencies();
  const grounds = [ground];
  onTestFinished(async () => {
    for (const one of grounds) one.remove();
    await removeWorktree(worktree, deps);
    rmSync(dir, { recursive: true, force: true });
  });
  const own = [healFolder(state, "octo/app"), deps.cache];
  return {
    ...{ dir, home, checkout, ground, worktree: worktree.dir, env },
    next: async () => {
      for (const one of grounds) one.remove();
      grounds.push(await groundFor(worktree, deps, how));
      return grounds.at(-1) ?? ground;
    },
    interrupt: () => going.abort(),
    outside: () => contents(dir, own),
  };
}

function contents(folder: string, own: readonly string[]): string {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (own.includes(path)) return [];
      const about = lstatSync(path);
      if (about.isDirectory()) return [path, contents(path, own)];
      if (about.isSymbolicLink()) return [`${path} to ${readlinkSync(path)}`];
      return [`${path} ${about.mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`];
    })
    .join("\n");
}
