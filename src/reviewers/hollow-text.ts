import { stripControls } from "../base/text.ts";

/** What was not done: whoever says this of its own run did no work. `%` stands for {@link WORK}. */
const NOT_DONE = [
  // A limit stopped it: "Review rate limited", "Rate limit exceeded", "usage limit reached", "Quota exhausted".
  "rate[- ]?limited",
  "(?:rate|usage|request|review|token|credit|spending|plan|api|daily|weekly|monthly|hourly|free[- ]tier)s?[- ]limits?(?: was| were| has been| have been)? (?:reached|exceeded|hit|exhausted)",
  "(?:reached|exceeded|hit|exhausted|over) (?:your|the|its|our|their|a|an)?(?: [\\w-]+){0,3} (?:limits?|quotas?)",
  "(?:limits?|quotas?)(?: [\\w-]+){0,2} (?:reached|exceeded|exhausted)",
  "(?:out of|no|not enough|insufficient|ran out of)(?: [\\w-]+){0,2} (?:credits|quota|seats)",
  "(?:trial|subscription|licen[cs]e|plan)(?: has| period has| is)? (?:expired|ended|inactive)",
  // It was not begun: "Review skipped: draft", "Analysis paused", "Skipping review", "could not review".
  "%s? (?:was |were |has been |have been |is |are )?(?:automatically )?(?:skipped|paused|disabled|aborted|not (?:performed|run|started|done|completed|available|possible))",
  "(?:skipp(?:ed|ing)|paus(?:ed|ing)) (?:the |this |automatic |auto |code )*%s?",
  "(?:did not|didn't|could not|couldn't|cannot|can't|unable to|failed to|not able to|wasn't able to|was not able to) (?:complete |perform |run |start |finish )?(?:the |a |this )?(?:code )?(?:%)",
  "(?:no|not) %s? (?:was |were )?(?:performed|done|run|possible)",
  "too many files|too large to (?:be )?(?:%)",
];

/** What a reviewer or a scanner does. */
const WORK =
  "(?:reviews?|reviewed|analy[sz]e|analy[sz]ed|analysis|scans?|scanned|audits?|audited|checks?|inspections?)";

/** Texts that speak of limits and skips and mean something else: a test's name, a count of nothing, a setting. */
const MENTIONS = [
  // "Rate limit tests passed", "12 tests for quota exceeded"
  "\\b(?:tests?|specs?|suites?|scenarios?|cases?|examples?|assertions?|benchmarks?|docs?|lint|build|deploy(?:ment)?)\\b",
  // "no rate limit exceeded", "0 quota exceeded", "limits not reached"
  "\\b(?:no|0|zero|without|never)\\b(?: [\\w-]+){0,3} limits?\\b",
  "limits? (?:was |were )?not (?:reached|exceeded|hit)",
  // "handles rate limited clients"
  "\\b(?:handles?|handling|supports?|adds?|fix(?:es|ed)?|when|if|returns?|retr(?:y|ies|ied)|within|under|below|respects?|endpoints?|clients?|middleware)\\b",
  // There was nothing to do: "Scan skipped: no dependency changed"
  "\\b(?:nothing|no (?:[\\w-]+ ){0,3}(?:changes?|changed|files?|findings?|issues?|relevant)|not (?:affected|applicable|needed|required)|unchanged|up to date)\\b",
  // It went on: "Rate limited at first, then reviewed"
  "\\b(?:then|but|later|now) (?:\\w+ )?(?:reviewed|completed|passed|done)\\b",
];

const hollow = new RegExp(`(?:^|[^\\w-])(?:${NOT_DONE.join("|").replaceAll("%", WORK)})(?![\\w-])`, "i");
const mentions = new RegExp(MENTIONS.join("|"), "i");
/** Longest text that is judged: what is longer is a report, not a state. */
const MAX = 300;
/** Characters in which the first line that is seen is looked for. */
const SEEN = 2_000;

/** Whether the text of a state that passed says that the work was not done. Only the first line that is seen of it, which is the state, is judged. */
export function isHollowText(text: string | null): boolean {
  const [line = ""] = stripControls((text ?? "").slice(0, SEEN).replace(/<!--[^>]*-->/g, ""))
    .replace(/[*_~`#>]+/g, " ")
    .trim()
    .split("\n", 1);
  const plain = line.replace(/ +/g, " ");
  return plain.length <= MAX && hollow.test(plain) && !mentions.test(plain);
}
