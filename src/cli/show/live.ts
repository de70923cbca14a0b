import { parseTimestamp } from "../../base/clock.ts";
import { formatDuration } from "../../base/duration.ts";
import { oneLine } from "../../base/text.ts";
import type { Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import { logTail } from "../../inbox/report.ts";
import type { LookRecord } from "../../watch/engine/look-file.ts";
import type { Context } from "../program/context.ts";
import { progressText, timeText } from "./progress-line.ts";
import { knowsProgress } from "./terminal-features.ts";
import { clip } from "./text-width.ts";

/** Shows the progress of one or more waits. */
export interface Display {
  show(wait: Wait, look: LookRecord | null): void;
  /** Takes the line of a wait away. */
  over(wait: Wait): void;
  /** Removes all lines; nothing is shown afterwards. */
  end(): void;
}

/** A wait, and what was seen of it last. */
type Seen = readonly [Wait, LookRecord | null];

const REDRAW_MS = 1000;
const PLAIN_EVERY_MS = 30_000;
/** From then on a progress is said to be old, in seconds. */
const OLD_S = 10;

/**
 * On a terminal one live line for each wait with progress, time and ETA; elsewhere a plain line when something changed, at most
 * every 30 s.
 */
export function openDisplay(context: Context): Display {
  return context.liveSize() === null ? plainLines(context) : liveLines(context);
}

function liveLines(context: Context): Display {
  const shown = new Map<string, Seen>();
  let height = 0;
  const bar = knowsProgress(context.env);
  const erase = () => {
    const up = height > 1 ? `\u001b[${height - 1}A` : "";
    const text = height === 0 ? "" : `\r${up}\u001b[${height === 1 ? "K" : "J"}`;
    height = 0;
    return text;
  };
  const draw = () => {
    const size = context.liveSize();
    if (shown.size === 0 || size === null) return "";
    const waits = [...shown.values()];
    const texts = drawn(waits, size, context);
    height = texts.length;
    return `${bar ? progressBar(waits) : ""}${texts.join("\n")}`;
  };
  const lines = context.live({ erase, draw, leave: () => (bar ? NO_BAR : "") });
  const timer = setInterval(lines.redraw, REDRAW_MS);
  timer.unref();
  return {
    show: (wait, look) => {
      shown.set(wait.wait_id, [wait, look]);
      lines.redraw();
    },
    over: ({ wait_id }) => {
      if (shown.delete(wait_id)) lines.redraw();
    },
    end: () => {
      clearInterval(timer);
      shown.clear();
      lines.end();
    },
  };
}

/** The lines that stand for the waits: those that fit the terminal, and how many more there are. */
function drawn(waits: readonly Seen[], size: Size, { color, clock }: Context): readonly string[] {
  // A line that is wider than the terminal takes two, of which one would stay.
  const columns = Math.max(1, size.columns - 1);
  const room = Math.max(1, size.rows - 1);
  const shown = waits.length > room ? waits.slice(0, room - 1) : waits;
  const lines = shown.map((seen) => progressFirst(...seen, clock.now()));
  if (shown.length < waits.length) lines.push(`and ${waits.length - shown.length} more (p9 status)`);
  const [dim, plain] = color ? ["\u001b[2m", "\u001b[0m"] : ["", ""];
  return lines.map((line) => `${dim}${clip(oneLine(line, 1000), columns)}${plain}`);
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

const NO_BAR = "\u001b]9;4;0;\u001b\\";

/** The terminal's own progress (OSC 9;4): the mean of what is known, else that something runs. */
function progressBar(waits: readonly Seen[]): string {
  const percents = waits.map(([, look]) => look?.progress?.percent ?? null);
  if (percents.every((percent) => percent === null)) return "\u001b]9;4;3;\u001b\\";
  const sum = percents.reduce<number>((total, percent) => total + (percent ?? 0), 0);
  return `\u001b]9;4;1;${Math.round(Math.min(100, Math.max(0, sum / waits.length)))}\u001b\\`;
}

function plainLines({ warn, clock }: Context): Display {
  const last = new Map<string, { readonly said: string; readonly status: string; readonly at: number }>();
  return {
    show: (wait, look) => {
      // Another commit is news of its own.
      const status = `${wait.state} ${wait.sha} ${look?.status ?? ""} ${look?.error ?? ""}`;
      const said = `${status} ${look?.reason ?? ""} ${JSON.stringify(look?.progress ?? null)}`;
      const before = last.get(wait.wait_id);
      if (
        before &&
        (said === before.said || (status === before.status && clock.monotonic() - before.at < PLAIN_EVERY_MS))
      )
        return;
      last.set(wait.wait_id, { said, status, at: clock.monotonic() });
      warn(targetFirst(wait, look, clock.now()));
    },
    over: () => {},
    end: () => {},
  };
}

/** For a line that is cut at the terminal's edge: `12/40 (30%), 45s, about 1m left  build npm test: running`. */
function progressFirst(wait: Wait, look: LookRecord | null, now: number): string {
  return `${howFar(wait, look, now)}${seenText(look, now)}  ${waitName(wait)}${lastWords(wait) ?? reasonText(look)}`;
}

/** The last line that a command has written, which says more than that it runs; null: it has none, or the look failed. */
function lastWords({ extra }: Wait): string | null {
  const [line] = typeof extra.log === "string" ? logTail(extra.log, 1) : [];
  return line === undefined ? null : `: ${oneLine(line, 200)}`;
}

/** How old a progress is that is looked at now and then only. */
function seenText(look: LookRecord | null, now: number): string {
  if (!look?.last_look || look.progress === null) return "";
  const ageS = (now - parseTimestamp(look.last_look)) / 1000;
  return ageS < OLD_S ? "" : ` (seen ${formatDuration(ageS)} ago)`;
}

/** `build npm test: 12/40 (30%), 45s, about 1m left: running`. */
function targetFirst(wait: Wait, look: LookRecord | null, now: number): string {
  return `${oneLine(waitName(wait), 80)}: ${howFar(wait, look, now)}${reasonText(look)}`;
}

function howFar(wait: Wait, look: LookRecord | null, now: number): string {
  const started = parseTimestamp(wait.cycle_at || wait.registered_at);
  const etaS = look?.expected_at == null ? null : (look.expected_at - now) / 1000;
  const parts = [progressText(look?.progress ?? null), timeText(Math.max(0, (now - started) / 1000), etaS)];
  return parts.filter(Boolean).join(", ");
}

function reasonText(look: LookRecord | null): string {
  if (look?.error) return `: cannot look: ${oneLine(look.error, 200)}`;
  return look?.reason ? `: ${oneLine(look.reason, 200)}` : "";
}
