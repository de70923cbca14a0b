import { randomBytes } from "node:crypto";
import type { Command } from "@commander-js/extra-typings";
import { errorText, UsageError } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import { systemProcesses } from "../../../process/this-machine.ts";
import { SituationReader } from "../../../show/situation.ts";
import type { CommandModule, CommandRow } from "../../program/command-row.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { openAddress } from "../../show/browser.ts";
import { runCommand } from "../top/actions.ts";
import { takeIn, watchDeps } from "../watch/watching.ts";
import { Live } from "./live.ts";
import { OneTimeCode } from "./one-time.ts";
import { BOARD } from "./page/page.ts";
import { Picture } from "./picture.ts";
import { type Route, serve } from "./server.ts";

/** How often waits of dead watchers are taken in while somebody looks. */
const TAKE_IN_MS = 30_000;
/** So many pages are served at once. */
const MAX_PAGES = 100;
const HTML = "text/html; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
/** The picture has styles of its own and no script, and is shown within the board only. */
const PICTURE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

/** `p9 board`: what `p9 top` shows, as a page on loopback. What it changes, it does by commands of `rows`. */
export function boardOf(rows: readonly CommandRow[]): CommandModule {
  return {
    register: (command: Command, context: Context) => {
      command
        .option("--port <n>", "the port to listen on (default: one that is free)", portValue)
        .option("--open", "open it in the browser")
        .option("--print-url", "print the address alone, as on a pipe")
        .action(async ({ port = 0, open = false, printUrl = false }) => {
          await runBoard(rows, context, { port, open, alone: printUrl || !context.isTTY });
        });
    },
  };
}

interface BoardOptions {
  readonly port: number;
  readonly open: boolean;
  /** Whether the address is printed without words. */
  readonly alone: boolean;
}

/** Serves the board until a signal comes. */
async function runBoard(rows: readonly CommandRow[], context: Context, options: BoardOptions): Promise<void> {
  const { clock, env, home } = context;
  const store = await context.store();
  const live = new Live(new SituationReader({ store, clock, env, processes: systemProcesses }), { home, clock });
  const secrets = { token: randomBytes(32).toString("base64url"), once: new OneTimeCode() };
  const { signal, release } = trapSignals();
  const routes: readonly Route[] = [
    pageRoute(secrets.token),
    eventsRoute(live),
    pictureRoute(new Picture(store, clock)),
    dismissRoute(rows, live, context),
  ];
  const server = await serve(routes, { port: options.port, secrets, warn: (text) => context.warn(text) });
  const at = `http://127.0.0.1:${server.port}/`;
  const url = `${at}?token=${secrets.token}`;
  // Written as it is: the context's own ways to print hide tokens.
  if (context.json) context.printJsonText(`${JSON.stringify({ url, port: server.port, pid: process.pid })}\n`);
  else context.stdout(options.alone ? `${url}\n` : `p9 board is at ${url} (Ctrl-C ends it)\n`);
  if (options.open) await openPage(`${at}?once=${secrets.once.make()}`, context);
  const quiet = warningOnce(context);
  void takeInDead(quiet);
  const dead = setInterval(() => live.pages > 0 && void takeInDead(quiet), TAKE_IN_MS);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  clearInterval(dead);
  live.end();
  await server.close();
  release();
  context.exit(signal.reason === "INT" ? EXIT.ok : EXIT.unknown);
}

/** The board itself; the address that opens it once leads on to the one with the token. */
function pageRoute(token: string): Route {
  return {
    method: "GET",
    path: "/",
    type: HTML,
    policy: BOARD.policy,
    answer: (address, response) => {
      if (!address.searchParams.has("once")) return void response.end(BOARD.html);
      response.writeHead(303, { Location: `/?token=${token}` }).end();
    },
  };
}

function eventsRoute(live: Live): Route {
  return {
    method: "GET",
    path: "/events",
    type: "text/event-stream; charset=utf-8",
    answer: (_, response) => {
      if (live.pages >= MAX_PAGES) {
        response
          .writeHead(503, { "Content-Type": TEXT })
          .end("p9 board is open too many times: close some of its pages\n");
        return;
      }
      response.writeHead(200);
      live.add(response);
    },
  };
}

function pictureRoute(picture: Picture): Route {
  return {
    method: "GET",
    path: "/picture",
    type: HTML,
    policy: PICTURE_POLICY,
    answer: (_, response) => void response.end(picture.html()),
  };
}

/** Does what `p9 dismiss` does, with a wait that the page shows as ended. */
function dismissRoute(rows: readonly CommandRow[], live: Live, context: Context): Route {
  return {
    method: "POST",
    path: "/dismiss",
    type: TEXT,
    answer: async (address, response) => {
      const id = address.searchParams.get("wait");
      const { waits, ready } = live.read();
      const wait = [...waits, ...ready].find(({ wait_id }) => wait_id === id);
      if (!wait) return void response.writeHead(404).end("There is no such wait\n");
      let said = "";
      const print = (text: string) => {
        said += text;
      };
      const code = await runCommand(rows, ["dismiss", wait.wait_id], { cwd: wait.cwd, print }, context);
      live.changed();
      response.writeHead(code === EXIT.ok ? 200 : 409).end(said);
    },
  };
}

async function openPage(address: string, context: Context): Promise<void> {
  const { opened } = await openAddress(address, context);
  // What was opened is of no more use; what was not can be opened by hand.
  if (!opened) context.warn("No browser could be started here: open the address by hand");
}

/** Re-arms the waits of dead watchers, as every command does that shows them. */
async function takeInDead(context: Context): Promise<void> {
  try {
    await takeIn(context, await watchDeps(context));
  } catch (error) {
    context.warn(errorText(error));
  }
}

/** The context of a command that runs on and on: it says each problem once. */
function warningOnce(context: Context): Context {
  const said = new Set<string>();
  const warn = (line: string) => {
    if (!said.has(line)) context.warn(line);
    said.add(line);
  };
  return Object.create(context, { warn: { value: warn } });
}

function portValue(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`Cannot listen on port "${text}": wanted a number up to 65535`);
}
