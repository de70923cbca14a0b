import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Sandbox, sandbox } from "../helpers/p9.ts";

/** What must stay as it is while p9 works in a hostile repository. */
export interface Ground {
  readonly user: Sandbox;
  /** A file that only hostile code would make. */
  readonly mark: string;
  /** `127.0.0.1:<port>` of a server that nobody may ask. */
  readonly address: string;
  /** A file of the user's outside of the repository. */
  readonly outside: string;
  /** A credential of the user's, in the environment. */
  readonly secret: string;
  readonly env: Readonly<Record<string, string>>;
  git(...args: string[]): string;
  /** What has happened that must not; empty: nothing. */
  damage(): string[];
}

const OUTSIDE = '{"of": "the user"}\n';

/** A user with a clone, a session and a server; nothing hostile yet. */
export async function ground(seed: number): Promise<Ground> {
  const user = sandbox();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{"state": "ready"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const secret = `canary${seed.toString(36).padStart(6, "x")}QwErTyUiOp42`;
  const mark = join(user.dir, "mark");
  const outside = join(user.dir, "outside.json");
  writeFileSync(outside, OUTSIDE);
  const env = {
    CLAUDE_CODE_SESSION_ID: "one",
    CLAUDE_PID: String(process.pid),
    CLAUDE_ENV_FILE: join(user.dir, "env.sh"),
    ACME_TOKEN: secret,
    VERCEL_TOKEN: secret,
  };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      cwd: user.work,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...user.env },
    });
  execFileSync("git", ["init", "-q", "--bare", join(user.dir, "remote.git")]);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", join(user.dir, "remote.git"));
  const damage = () => [
    ...(existsSync(mark) ? [`hostile code ran: ${readFileSync(mark, "utf8")}`] : []),
    ...asked.map((request) => `the server was asked: ${request}`),
    ...(readFileSync(outside, "utf8") === OUTSIDE ? [] : ["a file outside of the repository was written"]),
    ...filesWith(user.home, secret).map((file) => `the secret is in ${file}`),
  ];
  return {
    user,
    mark,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    outside,
    secret,
    env,
    git,
    damage,
  };
}

function filesWith(folder: string, text: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return files.filter(
    (path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path, "utf8").includes(text),
  );
}
