import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Sandbox } from "../../helpers/p9.ts";
import type { GitHub, Pull } from "../../servers/github/mod.ts";
import type { Chance } from "./random.ts";

/** One watch of the chaos, and its true end. */
export interface Planned {
  readonly kind: string;
  /** What follows `p9 watch`. */
  readonly args: readonly string[];
  readonly outcome: "succeeded" | "failed";
  /** Seconds after the start at which it ends. */
  readonly endsAt: number;
  /** Makes the end happen, where it does not happen by itself. */
  readonly end?: () => void;
  readonly pull?: Pull;
}

/** Where the watched things live. */
export interface Stage {
  readonly user: Sandbox;
  readonly github: GitHub;
  readonly web: { readonly url: string; readonly up: Set<string>; reachable: boolean; close(): Promise<void> };
}

const MAKERS: readonly ((index: number, endsAt: number, outcome: Planned["outcome"], stage: Stage) => Planned)[] = [
  pullRequest,
  build,
  command,
  deploy,
  http,
];

/** So many watches of mixed kinds, each with an end of its own somewhere in `from` to `to` seconds. */
export function plan(count: number, from: number, to: number, stage: Stage, random: Chance): Planned[] {
  return Array.from({ length: count }, (_, index) => {
    const maker = MAKERS[index % MAKERS.length] ?? pullRequest;
    return maker(index + 1, random.between(from, to), random.next() < 0.6 ? "succeeded" : "failed", stage);
  });
}

function pullRequest(index: number, endsAt: number, outcome: Planned["outcome"], { github }: Stage): Planned {
  const pull = github.world.repo("octo/app").pull(index);
  const conclusion = outcome === "succeeded" ? "SUCCESS" : "FAILURE";
  pull.head.checks({ name: "ci", starts: 1, ends: endsAt, conclusion });
  return { kind: "pr-ci", args: [`${index}`, "--repo", "octo/app"], outcome, endsAt, pull };
}

function deploy(index: number, endsAt: number, outcome: Planned["outcome"], { github }: Stage): Planned {
  const repo = github.world.repo("octo/app");
  const end = outcome === "succeeded" ? "SUCCESS" : "FAILURE";
  const plan = {
    environment: `Production ${index}`,
    states: [
      [0, "IN_PROGRESS"],
      [endsAt, end],
    ] as [number, string][],
  };
  const { id } = repo.deploy(`deployed ${index}`, plan);
  return { kind: "deploy", args: ["deploy", `${id}`, "--repo", "octo/app"], outcome, endsAt };
}

/** The command waits for a file, so that its end does not depend on how fast the machine is. */
function build(index: number, endsAt: number, outcome: Planned["outcome"], { user }: Stage): Planned {
  const go = join(user.work, `build-${index}`);
  const script = 'while [ ! -e "$1" ]; do sleep 0.2; done; exit "$(cat "$1")"';
  const code = outcome === "succeeded" ? "0" : "3";
  return {
    kind: "build",
    args: ["build", "--", "sh", "-c", script, "sh", go],
    outcome,
    endsAt,
    end: () => writeFileSync(go, code),
  };
}

function command(index: number, endsAt: number, outcome: Planned["outcome"], { user }: Stage): Planned {
  const state = join(user.work, `command-${index}`);
  const args = [
    "command",
    `check-${index}`,
    "--interval",
    "1",
    "--cmd",
    `exit "$(cat ${state} 2>/dev/null || echo 1)"`,
  ];
  const code = outcome === "succeeded" ? "0" : "2";
  return { kind: "command", args, outcome, endsAt, end: () => writeFileSync(state, code) };
}

/** A URL that answers 503 until it serves. */
function http(index: number, endsAt: number, _: Planned["outcome"], { web }: Stage): Planned {
  const path = `/service-${index}`;
  const args = ["http", `${web.url}${path}`, "--interval", "1"];
  return { kind: "http", args, outcome: "succeeded", endsAt, end: () => void web.up.add(path) };
}

/** The server behind the `http` watches. */
export async function startWeb(): Promise<Stage["web"]> {
  const up = new Set<string>();
  const server: Server = createServer((request, response) => {
    if (!web.reachable) return void request.socket.destroy();
    response.writeHead(up.has(request.url ?? "") ? 200 : 503).end("service");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const web = {
    url: `http://127.0.0.1:${port}`,
    up,
    reachable: true,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return web;
}
