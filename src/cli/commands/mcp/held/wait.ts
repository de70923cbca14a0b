import { setMaxListeners } from "node:events";
import type { Options } from "../../../../contract/options.ts";
import { UsageError } from "../../../../core/errors.ts";
import { EXIT } from "../../../../core/exit-codes.ts";
import { sessionFamily } from "../../../../core/session.ts";
import { isRunning } from "../../../../core/states.ts";
import { isHeardBy, type Wait } from "../../../../core/wait.ts";
import { waitName } from "../../../../core/wait-name.ts";
import { attend } from "../../../../inbox/attended.ts";
import { exitCodeOf, terminationReport } from "../../../../inbox/report.ts";
import { statusRow } from "../../../../show/status-row.ts";
import type { WatchDeps } from "../../../../watch/deps.ts";
import { lookOfCycle } from "../../../../watch/engine/look-file.ts";
import type { Context } from "../../../program/context.ts";
import { jsonDocument } from "../../../program/output.ts";
import { findWait } from "../../../show/find-wait.ts";
import { followWait } from "../../../show/follow-wait.ts";
import type { Display } from "../../../show/live.ts";
import { progressText } from "../../../show/progress-line.ts";
import { takeIn, watchDeps } from "../../watch/watching.ts";
import type { Answer } from "../answer.ts";
import { type Call, runWork } from "../call.ts";
import { hold, LONGEST_S } from "./hold.ts";

/** What a call waits with. */
interface Waiting {
  readonly call: Call;
  readonly session: string;
  readonly context: Context;
  readonly deps: WatchDeps;
}

/** Holds a call until a wait ends, at most {@link LONGEST_S}. */
export function waitTool(options: Options, call: Call): Promise<Answer> {
  const limitS = Math.min(LONGEST_S, typeof options.hold === "number" ? options.hold : LONGEST_S);
  return runWork(call, async (context) => {
    const waiting = { call, context, session: await context.session(), deps: await watchDeps(context) };
    await takeIn(context, waiting.deps);
    const waits = await waitsMeant(options, waiting);
    const [over] = waits.filter(({ state }) => !isRunning(state));
    if (over) return ended(over, waits, waiting);
    if (waits.length === 0) return NOTHING;
    return holdWaits(waits, limitS, waiting);
  });
}

const NOTHING = { exit: EXIT.ok, document: { state: "nothing", call_again: false } };

/** The wait that is named; else what ended untold for the session, or what runs for it. */
async function waitsMeant(options: Options, { call, session, context, deps }: Waiting): Promise<readonly Wait[]> {
  const { wait: name, repo } = options;
  if (typeof name === "string") {
    const flag = typeof repo === "string" ? repo : undefined;
    return [await findWait(deps.store, name, () => context.repo(flag))];
  }
  if (repo !== undefined) throw new UsageError('Cannot use "repo" without "wait": it says where a number belongs');
  const [first] = call.server.endings.unread(session, deps.store);
  const told = first && deps.store.find(first.wait_id);
  if (told) return [told];
  const view = deps.store.read();
  const family = sessionFamily(session, view.links);
  return [...view.waits.values()].filter((wait) => isRunning(wait.state) && isHeardBy(wait, family));
}

async function holdWaits(waits: readonly Wait[], limitS: number, waiting: Waiting) {
  const { call, context, session, deps } = waiting;
  const display = new Shown();
  const over = new AbortController();
  const signal = AbortSignal.any([call.signal, over.signal]);
  // Each of many waits listens: Node would warn of a leak.
  setMaxListeners(0, signal);
  // The session's hooks say nothing of them meanwhile.
  const attending = waits.map((wait) => attend(deps.store, wait.wait_id, session));
  try {
    const first = Promise.race(
      waits.map(async (wait) => (await followWait(wait, { display, signal }, context, deps)) ?? NEVER),
    );
    const end = await hold(first, call, { limitS, clock: context.clock, words: () => display.words() });
    if (end === null) return { exit: EXIT.stillWaiting, document: stillWaiting(waits, deps) };
    return await ended(end[0], waits, waiting);
  } finally {
    over.abort();
    for (const note of attending) note.release();
  }
}

/** A wait that is followed no more ends no race. */
const NEVER = new Promise<never>(() => {});

/** The report of a wait, as its foreground command prints it; neither the server nor the session's hooks tell it again. */
async function ended(wait: Wait, waits: readonly Wait[], { call, session, deps }: Waiting) {
  call.server.endings.told(session, wait.wait_id, deps.store);
  const note = attend(deps.store, wait.wait_id, session);
  await note.printed();
  note.release();
  const others = waits.filter(({ wait_id }) => wait_id !== wait.wait_id);
  const report: Record<string, unknown> = JSON.parse(jsonDocument(terminationReport(wait)));
  return {
    exit: exitCodeOf(wait),
    document: { ...report, call_again: false, ...(others.length > 0 ? { waits: rowsOf(others, deps) } : {}) },
  };
}

function stillWaiting(waits: readonly Wait[], deps: WatchDeps) {
  const rows = rowsOf(waits, deps);
  const etas = rows.flatMap(({ eta_s }) => (eta_s === null ? [] : [eta_s]));
  return { state: "waiting", eta_s: etas.length > 0 ? Math.min(...etas) : null, call_again: true, waits: rows };
}

/** Where each wait stands, in few words. */
function rowsOf(waits: readonly Wait[], deps: WatchDeps) {
  return waits.map((before) => {
    const wait = deps.store.find(before.wait_id) ?? before;
    const { wait_id, kind, ref, pr, repo, to_state, progress, eta_s, needs, queued } = statusRow(
      wait,
      lookOfCycle(deps.store.paths.looks, wait),
      deps,
    );
    return { wait_id, kind, ref, pr, repo, state: to_state, progress, eta_s, needs, queued };
  });
}

/** What is seen of the waits that are followed. */
class Shown implements Display {
  readonly #lines = new Map<string, string>();

  show(...[wait, look]: Parameters<Display["show"]>): void {
    const progress = progressText(look?.progress ?? null);
    this.#lines.set(wait.wait_id, `${waitName(wait)}${progress === "" ? "" : `: ${progress}`}`);
  }

  over({ wait_id }: Wait): void {
    this.#lines.delete(wait_id);
  }

  end(): void {
    this.#lines.clear();
  }

  words(): string {
    return [...this.#lines.values()].slice(0, 5).join("; ");
  }
}
