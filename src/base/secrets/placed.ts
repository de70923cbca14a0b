import type { Span } from "./decoded.ts";
import { looksMade } from "./random-text.ts";

/** A form of a text in which the place says that a value is secret; its group `hidden` is masked. */
interface PlacedForm {
  /** What the form begins with, in small letters: it is looked for only there. */
  readonly mark: string;
  /** A character that must come soon after the mark. */
  readonly before?: string;
  /** Sticky, without regard to case. */
  readonly form: RegExp;
  readonly unless?: (value: string) => boolean;
}

const MOST_BEFORE = 700;

/** True for what stands in a text instead of a value: stars, variables, `<name>`. */
export const isPlaceholder = (value: string) =>
  value.length <= 200 &&
  /^(?:\*+|x+|\.+|<[^>]*>|\{\{.*\}\}|\[[^\]]*\]|\([^)]*\)|\$\w+|\$\{[^}]*\}+|\$\([^)]*\)|%\w+%|\{(?:env:)?\w+\??\})$/i.test(
    value,
  );
const isWord = (value: string) => isPlaceholder(value) || /^[a-z]{1,7}$/.test(value);
const isPort = (value: string) => isPlaceholder(value) || /^\d{1,5}(?:$|\/)/.test(value);
const isNotMade = (value: string) => isPlaceholder(value) || !looksMade(value.slice(0, 200));
const isNotMadeNorHex = (value: string) => isNotMade(value) && !/^[a-f0-9]{32,}$/i.test(value);

const FORMS: readonly PlacedForm[] = [
  { mark: "bearer ", form: /(?<![a-z0-9])bearer (?<hidden>[\w.~+/=-]{12,4096})/iy, unless: isNotMade },
  {
    mark: "cookie",
    form: /(?<![a-z0-9])cookies?["'\]]?\s{0,4}[:=]\s{0,4}["']?(?<hidden>[^\s"'=;,<>(){}]{1,200}=[^"'\n]{4,4096})/iy,
    unless: (value) => isPlaceholder(value.slice(value.indexOf("=") + 1)),
  },
  { mark: "--cookie", form: /--cookie[ =]["']?(?<hidden>[^\s"'=]{1,200}=[^"'\s]{4,4096})/iy },
  // `//user:password@host`, the password with a slash in it too, and `//token@host`.
  {
    mark: "://",
    before: "@",
    form: /:\/\/[^\s:/?#"'<>]{0,128}:(?<hidden>[^\s@"'<>]{1,512}(?:@[^\s@"'<>/:,;]{1,128})?)@(?=[\w[.-])/iy,
    unless: isPort,
  },
  {
    mark: "://",
    before: "@",
    form: /:\/\/(?<hidden>[\w.~+%-]{16,512})(?::[^\s@/]{0,200})?@/iy,
    unless: isNotMadeNorHex,
  },
  {
    mark: "login",
    form: /(?<![a-z0-9])login[ \t]{1,8}[^\s]{1,200}\s{1,8}(?:account[ \t]{1,8}[^\s]{1,200}\s{1,8})?passw(?:or)?d[ \t]{1,8}(?<hidden>[^\s"']{3,512})/iy,
    unless: isWord,
  },
  {
    mark: "machine",
    form: /(?<![a-z0-9])machine[ \t]{1,8}[^\s]{1,200}\s{1,8}passw(?:or)?d[ \t]{1,8}(?<hidden>[^\s"']{3,512})/iy,
    unless: isWord,
  },
  { mark: "add-mask", form: /add-mask(?:::|\])(?<hidden>[^\n]{1,4096})/iy, unless: isPlaceholder },
  ...["key=", "name="].map((mark) => ({
    mark,
    form: /(?:key|name)=["'][\w.:-]{0,100}(?:password|passwd|secret|token|api[_-]?key)["']\s{1,8}value=["'](?<hidden>[^"'\n]{3,1024})/iy,
    unless: isPlaceholder,
  })),
  // A password with spaces in a connection string, which goes on with another part.
  {
    mark: "password=",
    form: /password=(?<hidden>[^\s"';&]{1,80} [^"';&\n]{0,80})(?=;[ ]?[a-z ]{2,40}=)/iy,
    unless: isPlaceholder,
  },
];

/** Parameters of an address that are secret there and mean something else elsewhere. */
const PARAMETER =
  /[?&;](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token|x-amz-credential|x-goog-credential|x-oss-signature|code|key|hmac|ticket|policy|st|t|k|sid|session|jwt|assertion|samlresponse)=(?<hidden>[^\s&"'<>#]{12,})/gi;
/** `user:password@tcp(host)` of Go, `user/password@host` of Oracle. */
const BEFORE_HOST: readonly { readonly mark: string; readonly form: RegExp }[] = [
  { mark: "@tcp(", form: /(?<![\w.-])[\w.-]{1,64}:(?<hidden>[^\s:@/"']{3,128})@tcp\(/gi },
  { mark: "jdbc:oracle", form: /jdbc:oracle:\w{1,10}:[\w.-]{1,64}\/(?<hidden>[^\s@/"']{3,128})@/gi },
];

/**
 * Values that are secret by where they stand: in an address, a cookie, a line of a known file.
 * @param small the text in small letters
 */
export function placedSecrets(text: string, small: string): Span[] {
  const hosts = BEFORE_HOST.filter(({ mark }) => small.includes(mark));
  // A letter whose small form is longer moves the places: then they are looked up in the text as it is.
  const places = small.length === text.length ? small : text;
  return [
    ...hiddenIn(text, PARAMETER, isNotMadeNorHex),
    ...hosts.flatMap(({ form }) => hiddenIn(text, form, isPlaceholder)),
    ...FORMS.flatMap((form) => atMarks(text, places, form)),
  ];
}

function atMarks(text: string, places: string, { mark, before, form, unless }: PlacedForm): Span[] {
  const spans: Span[] = [];
  let sign = -1;
  for (let at = places.indexOf(mark), next = 0; at >= 0; at = places.indexOf(mark, next)) {
    next = at + mark.length;
    if (before !== undefined && sign < at) {
      sign = text.indexOf(before, at);
      if (sign < 0) return spans;
    }
    if (sign > at + MOST_BEFORE) continue;
    form.lastIndex = at;
    const match = form.exec(text);
    const span = match && hiddenSpan(match, unless);
    if (!span) continue;
    spans.push(span);
    next = Math.max(next, span.end);
  }
  return spans;
}

/** The groups named `hidden` of all matches. */
export function hiddenIn(text: string, form: RegExp, unless?: (value: string) => boolean): Span[] {
  return [...text.matchAll(form)].map((match) => hiddenSpan(match, unless)).filter((span) => span !== null);
}

function hiddenSpan(match: RegExpExecArray, unless: (value: string) => boolean = () => false): Span | null {
  const value = match.groups?.hidden ?? "";
  if (value === "" || unless(value)) return null;
  const start = match.index + match[0].lastIndexOf(value);
  return { start, end: start + value.length };
}
