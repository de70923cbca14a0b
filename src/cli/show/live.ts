import { parseTimestamp } from "../../base/clock.ts";
import { oneLine } from "../../base/text.ts";
import type { Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import type { LookRecord } from "../../watch/engine/look-file.ts";
import type { Context } from "../program/context.ts";
import { progressText, timeText } from "./progress-line.ts";

/** Shows the progress of a wait. */
export interface Display {
  show(wait: Wait, look: LookRecord | null): void;
  /** Removes the live line; nothing is shown afterwards. */
  end(): void;
}

const REDRAW_MS = 1000;
const PLAIN_EVERY_MS = 30_000;

/** On a terminal one live line with progress, time and ETA; elsewhere a plain line when something changed, at most every 30 s. */
export function openDisplay(context: Context): Display {
  return context.liveWidth() === null ? plainLines(context) : liveLine(context);
}

function liveLine({ stderr, clock, color, liveWidth }: Context): Display {
  let shown: [Wait, LookRecord | null] | null = null;
  const draw = () => {
    if (!shown) return;
    const text = oneLine(progressFirst(...shown, clock.now()), Math.max(20, (liveWidth() ?? 80) - 1));
    stderr(`\r${color ? "\u001b[2m" : ""}${text}${color ? "\u001b[0m" : ""}\u001b[K`);
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    show: (wait, look) => {
      shown = [wait, look];
      draw();
    },
    end: () => {
      clearInterval(timer);
      if (shown) stderr("\r\u001b[K");
      shown = null;
    },
  };
}

function plainLines({ warn, clock }: Context): Display {
  let said = "";
  let status = "";
  let at = Number.NEGATIVE_INFINITY;
  return {
    show: (wait, look) => {
      // Another commit is news of its own.
      const now = `${wait.state} ${wait.sha} ${look?.status ?? ""} ${look?.error ?? ""}`;
      const news = `${now} ${look?.reason ?? ""} ${JSON.stringify(look?.progress ?? null)}`;
      if (news === said || (now === status && clock.monotonic() - at < PLAIN_EVERY_MS)) return;
      [said, status, at] = [news, now, clock.monotonic()];
      warn(targetFirst(wait, look, clock.now()));
    },
    end: () => {},
  };
}

/** For a line that is cut at the terminal's edge: `12/40 (30%), 45s, about 1m left  build npm test: running`. */
function progressFirst(wait: Wait, look: LookRecord | null, now: number): string {
  return `${howFar(wait, look, now)}  ${waitName(wait)}${reasonText(look)}`;
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
