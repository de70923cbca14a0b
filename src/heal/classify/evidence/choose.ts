import { type Finding, FindingReader } from "../findings/finding.ts";
import type { Judgement } from "../judge-step.ts";
import { isClosing } from "../read/verdicts.ts";
import type { FailureType } from "../rule.ts";
import type { Step } from "../steps.ts";
import type { FailingTest } from "../tests/failing-tests.ts";
import { namesFailedCommand, whatWentWrong } from "./command-lines.ts";
import { blockAround, lastBlock } from "./last-block.ts";
import { saysPassed } from "./says-passed.ts";
import { type IsTouched, namesTouched } from "./touched.ts";

/** A line of a step's output that a reader should see. */
export interface Shown {
  readonly at: number;
  /** The line as it is shown, when it is joined with others. */
  readonly text?: string;
}

/** The places in files that chosen lines name, by line of the output: the file may stand on a line of its own above. */
export function placesOf(step: Step, shown: readonly Shown[]): Map<number, Finding> {
  const wanted = new Set(shown.map(({ at }) => at));
  const places = new Map<number, Finding>();
  const reader = new FindingReader();
  const last = Math.max(...wanted);
  for (let at = Math.max(0, Math.min(...wanted) - 400, last - MAX_READ); at <= last; at++) {
    const finding = reader.read(step.output[at]!.text);
    if (finding && wanted.has(at)) places.set(at, finding);
  }
  return places;
}

const FATAL =
  /^\W{0,4}(?:fatal|FATAL|Fatal|panic|PANIC|CRITICAL)\b|^\W{0,4}(?:\w{1,24} )?(?:Error|ERROR|error)\b ?(?:\[|\(|:)|^(?:[\w$]+\.){0,12}[\w$]*(?:Error|Exception)(?:: |$)|^Caused by: |^\S{1,60}: (?:error|fatal): /;
/** The second pattern is dear, and most lines have none of its words. */
const isFatal = (text: string): boolean =>
  /rror|RROR|xception|atal|FATAL|anic|PANIC|CRITICAL|aused/.test(text) && FATAL.test(text);
const MENDED: ReadonlySet<FailureType> = new Set([
  "lint",
  "format",
  "codegen_drift",
  "type",
  "build",
  "import_missing",
]);

/**
 * The lines of a failing step that a reader needs, most telling first: for tests each name with its assertion, then the counters; for
 * compilers and linters what was found and where; for everything else the deciding lines; and then what names the failed command.
 * Of tests, of findings that decided and of listed files, those that `isTouched` knows come first.
 */
export function chooseLines(step: Step, judgement: Judgement, limit: number, isTouched: IsTouched): Shown[] {
  const texts = step.output.map(({ text }) => text);
  const list = new Chosen(step, limit);
  if (judgement.type === "test" || judgement.type === "test_flaky")
    list.add(testLines(nearTests(judgement.tests, texts, isTouched), limit - 4));
  else if (MENDED.has(judgement.type)) list.add(placed(texts, judgement, isTouched), Math.ceil(limit * 0.6));
  list.add(plain(judgement.lines), judgement.type === "test" ? 3 : 6);
  list.add(plain(whatWentWrong(texts)), 4);
  list.add(plain(linesOf(texts, namesFailedCommand).slice(-3)));
  list.add(plain(errorLines(step).slice(-3)));
  if (judgement.type !== "test" || judgement.tests.every(({ says }) => says.length === 0))
    list.add(plain(linesOf(texts, isFatal).slice(-4)));
  if (judgement.type !== "test") {
    list.add(
      testLines(
        judgement.tests.filter(({ weak }) => !weak),
        6,
      ),
    );
  }
  if (list.size < FEW) list.add(plain(fill(step, judgement)), FILLED);
  return list.shown;
}

/** So few lines are filled up, with as many. */
const FEW = 4;
const FILLED = 6;
/** As sure as this, the last lines of the step tell no more than those around the one that decided. */
const DECIDED = 0.7;

/** The lines around the one that decided; the last of the step where nothing did, or where no failing test says why it failed. */
function fill(step: Step, { type, lines, confidence, tests }: Judgement): number[] {
  const [decided] = lines;
  const isUntold = type === "test" && tests.every(({ says }) => says.length === 0);
  if (decided === undefined || confidence < DECIDED || isUntold) return lastBlock(step, FILLED);
  return type === "test" ? [] : blockAround(step, decided, FILLED);
}

/** Lines in the order in which they were chosen, each text once. */
class Chosen {
  readonly shown: Shown[] = [];
  readonly #texts = new Set<string>();
  readonly #step: Step;
  readonly #limit: number;

  constructor(step: Step, limit: number) {
    this.#step = step;
    this.#limit = limit;
  }

  get size(): number {
    return this.shown.length;
  }

  add(lines: readonly Shown[], most: number = this.#limit): void {
    let added = 0;
    for (const line of lines) {
      const text = (line.text ?? this.#step.output[line.at]!.text).trim();
      if (added >= most || this.shown.length >= this.#limit || text === "" || this.#texts.has(text)) continue;
      if ((isClosing(text) && !/^The command /.test(text)) || saysPassed(text)) continue;
      this.#texts.add(text);
      this.shown.push(line);
      added++;
    }
  }
}

const plain = (lines: readonly number[]): Shown[] => lines.map((at) => ({ at }));

function linesOf(texts: readonly string[], holds: (text: string) => boolean): number[] {
  const found: number[] = [];
  for (let at = 0; at < texts.length; at++) if (texts[at] !== "" && holds(texts[at]!)) found.push(at);
  return found;
}

function errorLines({ output }: Step): number[] {
  const found: number[] = [];
  for (let at = 0; at < output.length; at++)
    if (output[at]!.level === "error" && !isClosing(output[at]!.text)) found.push(at);
  return found;
}

/** A failing test, with the line of its failure that names a touched file. */
interface ToldTest extends FailingTest {
  readonly near?: number | undefined;
}

/** Lines below a test's name in which a touched file is looked for. */
const BLOCK = 80;

/** The tests whose failure names a touched file, then the others. */
function nearTests(tests: readonly FailingTest[], texts: readonly string[], isTouched: IsTouched): ToldTest[] {
  const starts = tests.map(({ at }) => at).toSorted((a, b) => a - b);
  const told = tests.map((test): ToldTest => {
    const end = Math.min(starts.find((at) => at > test.at) ?? texts.length, test.at + BLOCK, texts.length);
    const block = Array.from({ length: end - test.at }, (_, index) => test.at + index);
    return { ...test, near: namesTouched([...test.says, ...block], texts, isTouched) };
  });
  return [...told.filter(({ near }) => near !== undefined), ...told.filter(({ near }) => near === undefined)];
}

/** Names with the first lines of their failures; of many tests the first ones with an assertion, then names alone. */
function testLines(tests: readonly ToldTest[], most: number): Shown[] {
  const each = tests.length === 1 ? 5 : tests.length <= 3 ? 3 : tests.length <= 5 ? 2 : 1;
  const told = tests.slice(0, Math.max(1, Math.floor((most * 0.8) / (1 + each))));
  const lines = told.flatMap(({ at, text, says, near }) => [
    { at, text },
    ...plain([...says.slice(0, each), ...(near === undefined || near === at ? [] : [near])]),
  ]);
  return [...lines, ...tests.slice(told.length).map(({ at, text }) => ({ at, text }))].slice(0, most);
}

/** A finding and its line in the output. */
interface PlacedFinding {
  readonly at: number;
  readonly finding: Finding;
}

/** Last lines of a step in which findings are looked for. */
const MAX_READ = 20_000;
const MAX_TOLD = 8;

const PATH_ONLY =
  /^\W{0,4}(?:\[\w+\]\s+)?(?:would reformat:? |Would reformat:? |reformatted |Diff in |Fixing |\+\+\+ b\/|M\s+|diff --git a\/\S+ b\/)?(?<file>(?:[A-Za-z]:)?(?:[\w@.+~-]{1,80}[\\/]){0,24}[\w@.+~-]{1,120}\.[A-Za-z]\w{0,11})(?::|:\d+:?| \d+ms.*)?$/;

/** What was found, errors first, each with the line below that explains it; for tools that only list files, the files. */
function placed(texts: readonly string[], { type, lines }: Judgement, isTouched: IsTouched): Shown[] {
  const reader = new FindingReader();
  const found: PlacedFinding[] = [];
  for (let at = Math.max(0, texts.length - MAX_READ); at < texts.length; at++) {
    const finding = reader.read(texts[at]!);
    if (finding && finding.severity !== "note") found.push({ at, finding });
  }
  const errors = found.filter(({ finding }) => finding.severity === "error");
  const told = errors.length > 0 && type !== "format" ? errors : found;
  const isNear = ({ finding }: PlacedFinding): boolean => isTouched(finding.file);
  const decided = new Set(lines);
  // The line that decided comes first, unless it is one of several findings of its kind.
  const equal = told.some(({ at }) => at === lines[0]) ? told.filter(({ at }) => decided.has(at)) : [];
  const first = equal.filter(isNear).slice(0, MAX_TOLD);
  const ordered = [...new Set([...first, ...told.filter(isNear), ...told])].slice(0, MAX_TOLD);
  const near = type === "format" || type === "codegen_drift" ? listedFiles(texts, isTouched) : [];
  const explained = (some: readonly PlacedFinding[]) => some.flatMap(({ at }) => [at, ...explains(texts, at)]);
  return plain([...explained(first), ...lines.slice(0, 1), ...near, ...explained(ordered)]);
}

/** Lines that only name a file, touched files first. */
function listedFiles(texts: readonly string[], isTouched: IsTouched): number[] {
  const files = linesOf(texts, (text) => PATH_ONLY.test(text));
  const isNear = (at: number): boolean => isTouched(PATH_ONLY.exec(texts[at]!)?.groups?.file ?? "");
  return [...files.filter(isNear), ...files.filter((at) => !isNear(at))];
}

/** A deeper or noted line below a finding. */
function explains(texts: readonly string[], at: number): number[] {
  for (let line = at + 1; line <= at + 12; line++) {
    const text = texts[line] ?? "";
    if (/:\s?(?:note|help):\s{1,4}\S/.test(text) && !/candidate/.test(text)) return [line];
    if (/^\s{2,}(?:symbol|location|required|found|reason):/.test(text)) return [line];
    if (/: (?:error|warning):? /.test(text)) return [];
  }
  return [];
}
