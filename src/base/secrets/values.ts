import { looksMade } from "./random-text.ts";

/** How a value stands beside its name. */
export interface Setting {
  readonly name: string;
  /** The name alone says that the value is secret. */
  readonly sure: boolean;
  readonly quoted: boolean;
  /** Joined by `=` without a space, or in an address: a setting, never prose. */
  readonly tight: boolean;
  /** Whether the name begins its line and the value ends it. */
  readonly isAlone: () => boolean;
}

const WORDS = new Set(
  (
    "true false null none nil undefined missing required optional not is was are be invalid expired empty unset set valid yes no on off and or " +
    "string number boolean bool int integer any object unknown void never str bytes buffer char text varchar option self this " +
    "to from for with in by of at the a an it must should can cannot could has have had does did will use using given found provided supplied " +
    "flag argument parameter value values field input prompt type name auto default disabled enabled inherit include same-origin omit " +
    "failed failure error denied incorrect wrong mismatch redacted hidden masked secret token password basic bearer"
  ).split(" "),
);
const PLACEHOLDER =
  /^(?:[*•x.]{3,}|\*+|\$\w+|\$\{.*|\$\(.*|\$env:\w+|<[^>]*>?|\{\{.*|\{env:\w{1,64}\??\}|env:\w+|%\w+%|#\{.*|@\w+@|\[?(?:redacted|filtered|masked|hidden|secret|removed)\]?|\((?:redacted|hidden|none|not set)\)|your[-_ ].*|changeme\W*|-----PRIVATE.*)$/i;
/** Source text: a call, an index, a member, a type with parameters. */
const CODE =
  /^!?[&*]?[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)*[<([{]|^[A-Za-z_$][A-Za-z_$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$]+)+$/;
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\][\w.@ -]*(?:[/\\][\w.@ -]*)*$/;

/** True for a value that is no secret although its name says so: a placeholder, a word of a sentence, source text, the path of a file. */
export function isHarmless(value: string, { name, sure, quoted, tight, isAlone }: Setting): boolean {
  // A made value is told by one look, which ends at the first character that belongs to none.
  if (!sure && !/(?:^|[^A-Za-z])(?:pass|pw)$/i.test(name)) return !looksMade(trimmed(value)) || PLACEHOLDER.test(value);
  const plain = trimmed(value);
  if (plain.length < (tight || quoted ? 4 : 5) && !(sure && tight && plain.length === 3)) return true;
  const small = plain.toLowerCase();
  if (
    PLACEHOLDER.test(value) ||
    (plain !== value && PLACEHOLDER.test(plain)) ||
    WORDS.has(small) ||
    (small.length === name.length && small === name.toLowerCase())
  )
    return true;
  if (!sure) return !(tight || quoted) || !/\d/.test(plain) || !/[a-z]/i.test(plain) || plain.length < 6;
  if (!quoted && CODE.test(value)) return true;
  if (/^[([{]|^\/[^/]*[\\[(^]/.test(value) && !quoted) return true;
  // The quote before it closed one.
  if (quoted && /^(?:\s|[,)\];]+(?:\s|$))/.test(value)) return true;
  // Grammars and parsers.
  if (/(?:token|key)s?$/i.test(name) && /^\D*[*?[\]<>|]\D*$|^\d?\*[A-Za-z]+$/.test(value)) return true;
  if (PATH.test(value) && (/pwd$/i.test(name) || !/\d/.test(value)) && value.length > 3) return true;
  if (/^https?:\/\//i.test(value)) return true;
  // `password: GITHUB_TOKEN` names the variable that holds it.
  if (/^[A-Z]+(?:_[A-Z]+)+$/.test(plain)) return true;
  const password = /passphrase|passcode|pwd$|pass(?:word|wd)?$/i.test(name);
  if (/^\d{1,5}$/.test(plain) && !password) return true;
  if (quoted) return value.includes(" ") ? isProse(value) : !password && /^[a-z]{1,12}$/.test(value);
  if (/^[A-Za-z]+(?:[_-][A-Za-z]+)*$/.test(plain)) {
    if (tight) return /(?:^|[_-])(?:password|secret|token|key)$/i.test(plain);
    return !(password && isAlone());
  }
  // Beside a colon or a lonely equals sign, source text and sentences are likelier than a secret without a digit.
  return (
    !tight && !/\d/.test(value) && !/^[\w-]*[!@#$%^&*+=~]/.test(value) && !(/[A-Z]/.test(value.slice(1)) && isAlone())
  );
}

/** Without the signs that end a sentence or close a bracket. */
function trimmed(value: string): string {
  let end = value.length;
  while (end > 0 && ".,;:!?)]}>".includes(value[end - 1] ?? "")) end -= 1;
  return value.slice(0, end);
}

function isProse(value: string): boolean {
  return (
    /(?:^| )(?:is|are|was|must|be|not|the|a|an|at|should|cannot|can't|invalid|your|to|of|with|please|enter|for)(?: |$)/i.test(
      value,
    ) && !/\d{3}/.test(value)
  );
}
