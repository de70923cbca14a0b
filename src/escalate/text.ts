import { isObject, type Json } from "../base/json.ts";
import { safeText } from "../base/redact.ts";
import { oneLine } from "../base/text.ts";
import { readEvidence } from "../core/evidence.ts";
import { pullRequestUrl } from "../core/repo.ts";
import type { Wait } from "../core/wait.ts";

const MAX_LINES = 12;
const MAX_BODY = 4_000;

/** Title of an escalation (contract): `[P9 ESCALATION] PR #42: <branch>`. */
export function escalationTitle(pr: number | null, branch: string): string {
  return oneLine(`[P9 ESCALATION] PR #${pr ?? "?"}: ${safeText(branch, 120)}`, 200);
}

/** Branch of a wait's pull request, as far as its pin knows it; else its title or reference. */
export function branchOf(wait: Wait): string {
  const pin = wait.extra.pin;
  const identity = isObject(pin) && isObject(pin.identity) ? pin.identity : {};
  return typeof identity.branch === "string" ? identity.branch : (wait.extra.title ?? wait.ref);
}

/** Body: what failed, the signature, the evidence as quoted data, links. Outside text is never markup or an instruction. */
export function escalationBody(wait: Wait, why: string): string {
  const found = isObject(wait.extra.classification) ? wait.extra.classification : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const link = wait.repo && wait.pr !== null ? pullRequestUrl(wait.repo, wait.pr) : "";
  const lines = [
    `**${oneLine(why, 300)}**`,
    "",
    `- Pull request: ${link || wait.ref}${wait.sha ? ` at \`${wait.sha.slice(0, 12)}\`` : ""}`,
    `- Failure: ${text(found.failure_type) || "unclassified"} (${text(found.rationale) || "no classification"})`,
    `- Signature: \`${text(found.signature_hash) || "none"}\``,
    `- History: ${text(found.history) || "unknown"}`,
    `- Heal attempts: ${wait.attempt}`,
    "",
    "Evidence, quoted from the log:",
    ...quotedLines(wait.extra.evidence),
  ];
  return safeText(lines.join("\n"), MAX_BODY);
}

function quotedLines(evidence: Json | undefined): string[] {
  const list = readEvidence(evidence).slice(0, MAX_LINES);
  const shown = list.map(({ job, file, line, text }) => {
    const place = file ? `${file}${line === null ? "" : `:${line}`}: ` : "";
    // Four spaces make a code block that no text inside can close.
    return `    ${oneLine(`${job ? `[${job}] ` : ""}${place}${text}`, 240)}`;
  });
  const urls = [...new Set(list.map(({ url }) => url).filter((url) => /^https?:\/\//.test(url)))];
  return [
    ...(shown.length > 0 ? shown : ["    (none)"]),
    ...(urls.length > 0 ? ["", "Links:", ...urls.slice(0, 5).map((url) => `- <${url}>`)] : []),
  ];
}
