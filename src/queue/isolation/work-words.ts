/** The kinds of work that `ci_watch.isolation_tier_map` maps to a tier. */
export type WorkKind = "research" | "docs" | "code_independent" | "code_dependent" | "governance";

/** First words that only read, think or write tickets. */
const READING =
  wordSet(`research investigate explore compare evaluate read study analyse analyze summarise summarize survey
  review audit triage estimate decide think brainstorm plan propose ask answer learn understand check list look find
  measure profile discuss reply respond call email message schedule track file ticket label prioritise prioritize groom`);
const CODING =
  wordSet(`fix implement refactor add remove rename migrate port bump upgrade downgrade optimise optimize speed
  rewrite extract support handle make replace delete split wire convert build create change update move introduce drop
  deprecate enable disable use switch cache retry validate parse test cover mock stub inline simplify improve clean
  unify deduplicate harden patch reduce expose log typecheck lint format generate write set configure install debug
  reproduce revert cherry-pick rebase merge finish resolve`);
const DOCUMENTING = wordSet("document describe explain proofread translate annotate");
const PROSE =
  /\b(?:docs?|documentation|api reference|reference (?:docs|page|manual)|readme|changelog|guide|tutorial|release notes?|runbook|adrs?|design note|wiki|glossary|faq|how-?to|blog post|typos?|wording|knowledge|notes?)\b/i;
const TICKET_WORK =
  /^(?:create|open|file|write|raise|add|close|update|groom)\s+(?:[\w-]+\s+){0,3}(?:tickets?|issues?|stories|epics?)\b/;
const TICKETS = /\b(?:tickets?|backlog|roadmap|milestones?|issues? for|issue template)\b/i;
const CODE =
  /\b(?:bugs?|tests?|crash(?:es)?|regression|flaky|flakes?|api|endpoint|function|class|module|package|dependenc(?:y|ies)|types?|lint|compile|compiler|build|script|cli|flags?|handler|migration|schema|query|queries|parser|server|client|component|hook|race|leak|timeout|exception|error handling|performance|refactor(?:ing)?|workflow|dockerfile|code)\b/i;

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** Infers the kind of work of an item without files by its words: the first verb, then its subject. */
export function kindByWords(item: string): { kind: WorkKind; why: string } {
  const work = withoutPreface(item);
  const verb = /^[a-z-]+/.exec(work)?.[0] ?? "";
  if (READING.has(verb)) return { kind: "research", why: `"${verb}" changes no file` };
  if (DOCUMENTING.has(verb)) return { kind: "docs", why: `"${verb}" is about documents` };
  if (TICKET_WORK.test(work)) return { kind: "research", why: "about tickets" };
  const prose = PROSE.exec(item)?.[0];
  const code = CODE.exec(item)?.[0];
  // "Fix a typo in the README" is prose, "fix the docs build" is code.
  if (prose && (!code || (CODING.has(verb) && item.search(PROSE) <= item.search(CODE)))) {
    return { kind: "docs", why: `about "${prose.toLowerCase()}"` };
  }
  if (TICKETS.test(item) && !code) return { kind: "research", why: "about tickets" };
  if (CODING.has(verb)) return { kind: "code_independent", why: `"${verb}" changes code; no file is named` };
  if (code) return { kind: "code_independent", why: `about "${code.toLowerCase()}"; no file is named` };
  return { kind: "research", why: "names no file and no change to code" };
}

/** The words of the work itself, in lower case: after `BRO-12:`, `[area]`, `TODO`, `please`, `needs follow-up:`. */
function withoutPreface(item: string): string {
  return item
    .trim()
    .toLowerCase()
    .replace(
      /^(?:[-*#>]+\s*|\[[^\]]*\]\s*|\(?[a-z]{2,10}-\d+\)?[:\s-]+|todo[:\s]+|needs? follow-?\s?up[:\s-]+|please\s+|(?:feat|fix|docs?|chore|test|refactor)(?:\([^)]*\))?:\s*)+/,
      "",
    );
}
