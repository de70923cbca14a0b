import { execFile } from "node:child_process";
import { afterEach } from "vitest";
import { type GitHub, manualClock, skewedClock, startGitHub } from "../mod.ts";

/** What a process wrote and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

let open: GitHub[] = [];
afterEach(async () => {
  await Promise.all(open.map((github) => github.stop()));
  open = [];
});

/** GitHub on a clock of its own, `octo/app` in it, and the real `gh` that talks to it. The server's clock may be off. */
export async function lab({ skew = 0 } = {}) {
  const clock = manualClock();
  const github = await startGitHub({ clock: skewedClock(clock, skew) });
  open.push(github);
  const { world } = github;
  const repo = world.repo("octo/app");

  /** Runs `gh` with more variables, in a folder. */
  const ghIn = (more: { env?: Record<string, string>; cwd?: string }, ...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const env = { ...process.env, ...github.env, ...more.env };
      execFile("gh", args, { env, cwd: more.cwd, timeout: 20_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });
  const gh = (...args: string[]) => ghIn({}, ...args);

  /** A GraphQL query about `octo/app`: `select` is what is wanted of the repository. */
  const ask = async (select: string) => {
    const query = `query={repository(owner:"octo",name:"app"){${select}}}`;
    const { stdout } = await gh("api", "graphql", "-f", query);
    const { data, errors } = JSON.parse(stdout);
    return { repository: data?.repository, errors };
  };
  /** A REST path below `repos/octo/app`. */
  const rest = async (path: string, ...args: string[]) => {
    const ran = await gh("api", `repos/octo/app/${path}`, ...args);
    return ran.stdout === "" ? null : JSON.parse(ran.stdout);
  };
  return { github, world, repo, clock, gh, ghIn, ask, rest };
}
