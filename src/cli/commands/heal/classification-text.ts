import { safeText } from "../../../base/redact.ts";
import { counted, oneLine } from "../../../base/text.ts";
import { pullRequestUrl } from "../../../core/repo.ts";
import type { Classification } from "../../../heal/classify/classify.ts";
import type { HealResult } from "../../../heal/result.ts";
import type { PrTarget } from "../../program/pr-target.ts";
import { broken, flow, type Part } from "../../show/styled.ts";

const SHOWN = 10;

/**
 * What failed, for people: the kind of failure and how sure it is, the lines that show it, and what comes next; `refused` says why
 * `--apply` would be.
 */
export function classificationText(
  result: HealResult & { readonly evidence: readonly { readonly url?: string | null }[] },
  target: PrTarget | null,
  columns: number | null,
  refused: string | null,
): readonly (readonly Part[])[] {
  const { failure_type, classified, confidence, heal_command, rationale, history, transient, evidence } = result;
  const name = target
    ? [{ text: `PR #${target.pr} (${target.repo})`, href: pullRequestUrl(target.repo, target.pr) }]
    : [];
  const kind = oneLine(failure_type.replaceAll("_", " "), 40);
  const sure = `${classified ? "p9 knows it" : "p9 does not know how to heal it"} (confidence ${confidence.toFixed(2)})`;
  const head: readonly Part[] = [...name, { text: kind, tone: classified ? "yellow" : "red" }, sure];
  const notes = [
    oneLine(rationale, 300),
    transient ? "Nothing in the repository is wrong: running it again may do" : "",
    history === null ? "" : `history: ${oneLine(history, 300)}`,
  ];
  const shown = evidence.slice(0, SHOWN);
  const rest = evidence.length - shown.length;
  return [
    ...flow(head, columns, 2),
    ...linesOf(notes, columns),
    ...shown.flatMap((line, at) => evidenceLines(line, shown[at - 1], columns)),
    ...(rest > 0 ? [[`  | and ${counted(rest, "more line")} (--json)`]] : []),
    ...linesOf([`next: ${next(classified, heal_command, target, refused)}`], columns),
  ];
}

/** What decided about a failed step, for people: every rule that matched it, the strongest first, and why one did not count. */
export function explanationText(
  { step, judgement }: Classification["steps"][number],
  columns: number | null,
): readonly (readonly Part[])[] {
  const { type, confidence, why, spoke } = judgement;
  const where =
    [step.job, step.name]
      .map((name) => oneLine(name ?? "", 80))
      .filter(Boolean)
      .join(" › ") || "the log";
  const verdict = `${oneLine(type.replaceAll("_", " "), 40)} at ${confidence.toFixed(2)}, decided by ${oneLine(why, 120)}`;
  const rules = spoke.slice(0, SHOWN).map(({ rule, weight, line, text, dropped }) => {
    const left = dropped === undefined ? "" : ` (left out: ${oneLine(dropped, 80)})`;
    return `    ${oneLine(rule, 60)} ${weight.toFixed(2)}, line ${line + 1}${left}: ${safeText(text, 200)}`;
  });
  const rest = spoke.length - rules.length;
  return [
    [""],
    ...flow([{ text: where, tone: "bold" }, verdict], columns, 2),
    ...rules.flatMap((text) => broken(text, columns).map((line): readonly Part[] => [line])),
    ...(rest > 0 ? [[`    and ${counted(rest, "more rule")} (--json)`]] : []),
  ];
}

function linesOf(texts: readonly string[], columns: number | null): readonly (readonly Part[])[] {
  return texts.filter(Boolean).flatMap((text) => broken(`  ${text}`, columns).map((line) => [line]));
}

type Evidence = HealResult["evidence"][number] & { readonly url?: string | null };

/** A line of a log, below its job, step and place where the line before has others. */
function evidenceLines(
  line: Evidence,
  before: Evidence | undefined,
  columns: number | null,
): readonly (readonly Part[])[] {
  const text = broken(`    ${oneLine(line.text, 300)}`, columns).map((one): readonly Part[] => [one]);
  const [place, last] = [placeOf(line), before && placeOf(before)];
  return place.every((part, at) => part === last?.[at]) ? text : [...flow(cells(place), columns, 4), ...text];
}

/** Job and step, file and line, and the job's page. */
function placeOf({ job, step, file, line, url }: Evidence): readonly [string, string, string | null] {
  const where = [oneLine(job, 80), oneLine(step, 80)].filter(Boolean).join(" › ");
  const place = file ? `${oneLine(file, 100)}${line === null ? "" : `:${line}`}` : "";
  return [where, place, url ?? null];
}

function cells([where, place, href]: ReturnType<typeof placeOf>): readonly Part[] {
  const bar = where === "" ? [] : [{ text: `  | ${where}`, href, tone: "dim" as const }];
  return place === "" ? bar : [...bar, { text: bar.length > 0 ? place : `  | ${place}`, tone: "bold" }];
}

function next(classified: boolean, command: string | null, target: PrTarget | null, refused: string | null): string {
  const apply = target ? `p9 heal ${target.pr} --apply --repo ${target.repo}` : "p9 heal <pr> --apply";
  if (!classified) return "read what it says, or have somebody look who knows that part";
  if (command === null) return "no command here repairs it; a human must";
  const runs = oneLine(command, 120);
  return refused === null ? `${apply} (runs ${runs})` : `${runs} (p9 heal --apply is refused: ${refused})`;
}
