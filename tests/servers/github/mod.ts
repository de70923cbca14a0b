/**
 * GitHub on loopback, for tests with the real `gh`.
 *
 * It executes GitHub's published GraphQL schema and the REST paths p9 uses, over a unix socket that `gh` reaches by
 * its own `http_unix_socket` setting. What it shows is a function of time, planned by the test:
 *
 * ```ts
 * const github = await startGitHub();                  // or startGitHub({ clock: manualClock() })
 * const pull = github.world.repo("octo/app").pull(42); // opened, head pushed now
 * pull.head.checks("build", { name: "lint", starts: 5, ends: 30, conclusion: "FAILURE", log: "…" });
 * github.world.repo("octo/app").require({ required: ["lint"] });
 * github.world.at(60, () => pull.push("fix").checks("build", "lint"));
 * github.world.fault({ kind: "502", after: 10, times: 1 });
 * pull.head.run({ workflow: "E2E", concurrency: { group: "e2e" }, jobs: [{ name: "e2e", ends: 60 }] });
 * github.world.hole({ field: "StatusCheckRollup.contexts", page: 2, what: "RESOURCE_LIMITS_EXCEEDED" });
 * run("gh", ["pr", "checks", "42", "-R", "octo/app"], { env: { ...process.env, ...github.env } });
 * github.seen; github.points;                          // requests, GraphQL points charged
 * await github.stop();
 * ```
 *
 * Seconds in plans count from the push of the commit, in `at` from the start of the world, in `fault` from now.
 * Permissions, log-in and rate limits: `world.permissions`, `world.viewer = null`, `world.rate`. A real git remote
 * behind it: `followGit`. Several hosts and logins: `world.host(name)`, `github.logIn(...)`. A server whose clock is off:
 * `startGitHub({ clock: skewedClock(clock, 3600) })`. Where it does more than one example of GitHub's, the code names the source.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { ghEnvironment, type HostLogin, writeHosts } from "./serve/gh-env.ts";
import type { Seen } from "./serve/handle.ts";
import { createGitHubServer } from "./serve/http.ts";
import { World } from "./world.ts";

export { notStarted, refusals } from "./actions/refused.ts";
export { type Clock, type ManualClock, manualClock, skewedClock } from "./clock.ts";
export { Commit } from "./commit.ts";
export { followGit } from "./git.ts";
export { shaOf } from "./ids.ts";
export type * from "./plan.ts";
export { Pull } from "./pull.ts";
export { Repo } from "./repo.ts";
export type { Seen } from "./serve/handle.ts";
export type { Fault, FaultKind } from "./trouble/faults.ts";
export type { Hole } from "./trouble/holes.ts";
export { World } from "./world.ts";

/** A running server. */
export interface GitHub {
  readonly world: World;
  /** Variables for `gh` and for p9. */
  readonly env: Record<string, string>;
  readonly socket: string;
  /** Every request so far. */
  readonly seen: Seen[];
  /** GraphQL points charged so far. */
  readonly points: number;
  /** Logs users in to hosts, each with a token and budgets of its own, in place of the token in `env`; gives the variables for that. */
  logIn(...logins: HostLogin[]): Record<string, string>;
  /** Closes all connections and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server on a socket of its own. */
export async function startGitHub({ clock }: { clock?: Clock } = {}): Promise<GitHub> {
  // A unix socket's path must stay under 108 bytes, so it does not lie in the test's own directory.
  const directory = mkdtempSync(join(tmpdir(), "p9gh-"));
  const socket = join(directory, "s");
  const world = new World(clock);
  const seen: Seen[] = [];
  const server = createGitHubServer(world, seen);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  const env = ghEnvironment(directory, socket);
  return {
    world,
    socket,
    seen,
    env,
    logIn(...logins) {
      for (const { host, user, token } of logins) {
        (host === world.name ? world : world.host(host)).login(user, token);
      }
      return writeHosts(env, logins);
    },
    get points() {
      return world.rate.points;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
