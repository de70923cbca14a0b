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
  // What is handed to a program's standard input: `echo X | docker login --password-stdin`.
  ...["echo ", "printf "].map((mark) => ({
    mark,
    before: "|",
    form: /(?:echo|printf)[ \t]{1,8}(?:-[neE]{1,3}[ \t]{1,8})?(?:["']%s(?:\\n)?["'][ \t]{1,8})?["']?(?<hidden>[^\s"'|]{4,512})["']?[ \t]{0,8}\|[ \t]{0,8}[^\n|]{0,160}(?:--password-stdin|chpasswd|--with-token|--passphrase-fd|sudo -S|--stdin-password|passwd --stdin)/iy,
    unless: isPlaceholder,
  })),
  {
    mark: "password",
    form: /password[ \t]{1,8}(?:=[ \t]{0,8})?N?'(?<hidden>[^'\n]{4,200})'(?=[ \t]{0,4}(?:;|,|$|\n|login\b|valid\b|must_change\b|createdb\b|superuser\b))/iy,
    unless: isWord,
  },
  {
    mark: "identified ",
    form: /identified[ \t]{1,8}(?:with[ \t]{1,8}\w{1,40}[ \t]{1,8})?(?:by|as)[ \t]{1,8}(?:password[ \t]{1,8})?["'](?<hidden>[^"'\n]{4,200})["']/iy,
    unless: isPlaceholder,
  },
  {
    mark: "pwd={",
    form: /pwd=\{(?<hidden>[^}\n]{3,200})\}(?=[;"'])/iy,
    unless: isPlaceholder,
  },
  ...["unseal key", "recovery key"].map((mark) => ({
    mark,
    form: /(?:unseal|recovery) key(?: ?\(?(?:share )?\d{0,2}\)?)?:?[ \t]{1,8}(?<hidden>[\w+/=]{32,100})/iy,
  })),
  ...["mnemonic", "phrase"].map((mark) => ({
    mark,
    form: /(?:mnemonic|phrase)\w{0,20}["'\]]?\s{0,4}[:=]\s{0,4}["']?(?<hidden>(?:[a-z]{3,8}[ \t]){11,23}[a-z]{3,8})(?![ \t]?[a-z])/iy,
  })),
  {
    mark: "lftp ",
    form: /lftp[ \t][^\n]{0,60}?-u[ \t]?["']?[^\s,"']{1,64},(?<hidden>[^\s"']{3,128})/iy,
    unless: isPlaceholder,
  },
  {
    mark: "htpasswd ",
    form: /htpasswd[ \t]{1,8}(?:-\w*b\w*n\w*|-\w*n\w*b\w*|-\w*b\w*[ \t]{1,8}(?:-\w+[ \t]{1,8})?[^\s]{1,200})[ \t]{1,8}[^\s]{1,64}[ \t]{1,8}["']?(?<hidden>[^\s"']{3,128})/iy,
    unless: isPlaceholder,
  },
  {
    mark: "net use ",
    form: /net use[ \t]{1,8}[^\s]{1,200}(?:[ \t]{1,8}\\[^\s]{1,200})?[ \t]{1,8}(?<hidden>[^\s/*-][^\s]{3,128})[ \t]{1,8}\/user:/iy,
    unless: isPlaceholder,
  },
  ...["--user", " -u "].map((mark) => ({
    mark,
    form: /(?:--user| -u)[ =]["']?[^\s:"']{1,100}:(?<hidden>[^\s"']{16,256})/iy,
    unless: isNotMade,
  })),
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
  // The private parts of a JSON web key.
  { mark: '"kty"', form: /"(?:d|p|q|dp|dq|qi|k)"\s{0,4}:\s{0,4}"(?<hidden>[\w-]{22,1400})"/g },
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
