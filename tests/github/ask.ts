import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHub as Client, createGitHub } from "../../src/github/client.ts";
import { run } from "../../src/process/exec.ts";
import { type GitHub, type ManualClock, manualClock, startGitHub } from "../servers/github/mod.ts";

/** A server, its clock, and a client that reaches it through the real `gh`. */
export interface Setup {
  readonly server: GitHub;
  readonly clock: ManualClock;
  readonly client: Client;
  readonly home: string;
  /** Another client on the same home, as another driver has it. */
  another(): Client;
  stop(): Promise<void>;
}

/** Starts all of it. */
export async function setUp(env: Record<string, string | undefined> = {}): Promise<Setup> {
  const clock = manualClock();
  const server = await startGitHub({ clock });
  const home = mkdtempSync(join(tmpdir(), "p9-home-"));
  const another = () => createGitHub({ exec: run, env: { ...process.env, ...server.env, ...env }, clock, home });
  return {
    server,
    clock,
    home,
    client: another(),
    another,
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
