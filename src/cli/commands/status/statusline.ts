import type { Command } from "@commander-js/extra-typings";
import { sessionFamily } from "../../../core/session.ts";
import type { State } from "../../../core/states.ts";
import { isHeardBy } from "../../../core/wait.ts";
import { claude } from "../../../harness/clients/claude.ts";
import { Fields } from "../../../harness/fields.ts";
import { hookContext } from "../../../hooks/context.ts";
import { inFlight, waitsInFlight } from "../../../hooks/register-pushes.ts";
import { statusText } from "../../../hooks/status-text.ts";
import { available } from "../../../queue/pick/peek.ts";
import { isNews, shownWaits } from "../../../show/shown-waits.ts";
import type { Context } from "../../program/context.ts";

/** How long the chained command may take; the client waits for the line. */
const CHAIN_MS = 3_000;
const WIDTH = 80;

const RED: ReadonlySet<State> = new Set(["RED_CLASSIFIED", "RED_UNCLASSIFIED", "ESCALATED"]);

export function register(command: Command, context: Context): void {
  command
    .option("--chain <command>", "the status line that was there before: run first, with the same input")
    .action(async ({ chain }) => {
      const stdin = context.isTTY ? "{}" : context.stdin();
      if (chain) await runChained(chain, stdin, context);
      const width = Number(context.env.COLUMNS) || WIDTH;
      const status = readStatus(readInput(stdin), context);
      if (context.json) return context.printJson(status);
      const line = statusText(status, width);
      if (line) context.print(line);
    });
}

/** Runs the user's own status line and passes its output through unchanged, ANSI codes included. */
async function runChained(chain: string, stdin: string, context: Context): Promise<void> {
  const { env, place: cwd } = context;
  const { stdout } = await context.exec(["sh", "-c", chain], {
    input: stdin,
    env,
    cwd,
    timeoutMs: CHAIN_MS,
    maxBytes: 64 * 1024,
  });
  if (stdout.trim() !== "") context.stdout(stdout.endsWith("\n") ? stdout : `${stdout}\n`);
}

function readInput(stdin: string): Fields {
  try {
    return Fields.parse(stdin || "{}");
  } catch {
    return new Fields({});
  }
}

/** The status line of Claude Code gets the session as its hooks do. */
function readStatus(input: Fields, context: Context) {
  const { env, clock, exec } = context;
  const hook = hookContext(claude.read("SessionStart", input, env), claude, { env, clock, exec });
  const { home, store } = hook;
  const [family, now] = [sessionFamily(hook.session, store.read().links), clock.now()];
  const red = shownWaits(store.read(), now).filter(
    (wait) => RED.has(wait.state) && isHeardBy(wait, family) && isNews(wait, wait.state, now),
  );
  const inbox = hook.delivery.peek();
  const emitted = new Set(inbox?.claims.flatMap((claim) => (claim.emitted ? claim.ids : [])));
  return {
    red: red.map(({ kind, ref, repo, pr, state, wait_id, extra: { traits } }) => ({
      ...{ kind, ref, repo, pr, state, wait_id },
      ...(traits === undefined ? {} : { traits }),
    })),
    waits: waitsInFlight(hook).map((wait) => inFlight(wait, hook)),
    queued: available({ home, clock, env, store, sessions: [...family] }).length,
    unread: inbox?.unread.filter(({ id }) => !emitted.has(id)).length ?? 0,
  };
}
