import type { Json } from "../../base/json.ts";
import { parseRepo, sameRepo, splitRepo } from "../../core/repo.ts";
import { hasChecks } from "../../core/traits.ts";
import { type SimpleCommand, simpleCommands } from "./shell-commands.ts";

/** A wait of this session, as far as a command line can name it. */
export interface WatchedTarget {
  readonly kind: string;
  /** See `WaitTraits` in core/traits.ts. */
  readonly traits?: Json;
  readonly ref: string;
  readonly repo: string | null;
  readonly pr: number | null;
  readonly sha: string | null;
  /** Texts that only a query of this target has: a URL, an id. */
  readonly marks: readonly string[];
}

/** A command that waits by hand, and for what. */
export interface HandWait<T extends WatchedTarget = WatchedTarget> {
  readonly how: "sleep" | "sleep and look" | "watch" | "loop";
  /** The watched targets that the command waits for; all of them for a bare sleep. */
  readonly targets: readonly T[];
}

/** Seconds from which a sleep counts as a wait. */
const SLEEP_S = 10;
const IDLE = new Set(["echo", "printf", "true", ":", "date", "sleep", "wait"]);
const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Whether `command` only waits for what p9 watches: a bare `sleep` of 10 s or more, a sleep joined to a query of a watched
 * target, `gh pr checks --watch`, `gh run watch`, or a polling loop on one. Anything that also does something else is not.
 */
export function handWait<T extends WatchedTarget>(command: string, watched: readonly T[]): HandWait<T> | null {
  if (watched.length === 0) return null;
  const commands = simpleCommands(command);
  const slept = commands.reduce((sum, each) => sum + sleepSeconds(each.words), 0);
  if (slept >= SLEEP_S && commands.every(({ words }) => IDLE.has(words[0] ?? "")))
    return { how: "sleep", targets: watched };

  const queried = watched.filter((target) => commands.some(({ words }) => asksAbout(words, target)));
  if (queried.length === 0) return null;
  if (commands.some(({ words }) => watchesByItself(words))) return { how: "watch", targets: queried };
  if (slept > 0 && commands.some(isPolling)) return { how: "loop", targets: queried };
  if (slept >= SLEEP_S) return { how: "sleep and look", targets: queried };
  return null;
}

function isPolling(command: SimpleCommand): boolean {
  return command.inLoop && command.words[0] === "sleep";
}

function sleepSeconds(words: readonly string[]): number {
  if (words[0] !== "sleep") return 0;
  return words.slice(1).reduce((sum, word) => {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word);
    return sum + (match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : 0);
  }, 0);
}

/** `gh pr checks --watch`, `gh run watch`, `watch gh …`. */
function watchesByItself(words: readonly string[]): boolean {
  if (words[0] === "watch") return true;
  if (words[0] !== "gh") return false;
  if (words[1] === "run" && words[2] === "watch") return true;
  return words[1] === "pr" && words[2] === "checks" && words.some((word) => word === "--watch" || word === "-w");
}

function asksAbout(words: readonly string[], target: WatchedTarget): boolean {
  const [program = "", ...rest] = words;
  if (program === "watch") {
    const gh = rest.findIndex((word) => /^gh(\s|$)/.test(word));
    return gh >= 0 && asksAbout(rest.slice(gh).join(" ").split(/\s+/), target);
  }
  if (program === "gh" && hasChecks(target)) return ghAsksAbout(rest, target);
  if (program === "p9" || IDLE.has(program)) return false;
  return target.marks.some((mark) => mark.length >= 6 && words.some((word) => word.includes(mark)));
}

function ghAsksAbout(args: readonly string[], target: WatchedTarget): boolean {
  const named = repoFlag(args);
  if (named !== null && target.repo !== null && !sameRepo(named, target.repo)) return false;
  const [noun = "", verb = ""] = args;
  if (noun === "api") return apiAsksAbout(args.slice(1).join(" "), target);
  if (noun === "run") return verb === "watch" || verb === "view" || verb === "list";
  if (noun !== "pr" || !["checks", "view", "status"].includes(verb)) return false;
  const which = args.slice(2).find((word) => /^#?\d+$/.test(word) || word.startsWith("https://"));
  if (which === undefined || target.pr === null) return true;
  return which === String(target.pr) || which === `#${target.pr}` || which.endsWith(`/pull/${target.pr}`);
}

function repoFlag(args: readonly string[]): string | null {
  const at = args.findIndex((word) => word === "-R" || word === "--repo");
  const inline = args.find((word) => word.startsWith("--repo="))?.slice("--repo=".length);
  return parseRepo(inline ?? (at >= 0 ? (args[at + 1] ?? "") : ""));
}

function apiAsksAbout(path: string, target: WatchedTarget): boolean {
  if (target.sha !== null && path.includes(target.sha)) return true;
  if (target.pr !== null && path.includes(`pulls/${target.pr}`)) return true;
  if (target.repo === null) return false;
  return path.includes(`repos/${splitRepo(target.repo).name}/`) && /check-runs|status|actions\/runs/.test(path);
}
