import type { Span } from "./decoded.ts";
import { looksMade } from "./random-text.ts";

/** A form of a text in which the place says that a value is secret; its group `hidden` is masked. */
interface PlacedForm {
  /** A part that every such text has, in small letters. */
  readonly mark: string;
  readonly form: RegExp;
  readonly unless?: (value: string) => boolean;
}

/** True for what stands in a text instead of a value: stars, variables, `<name>`. */
export const isPlaceholder = (value: string) => /^(?:\*+|x+|\.+|<.*|[{[(]+.*|\$.*|%\w+%|\{env:\w+\??\})$/i.test(value);
const isWord = (value: string) => isPlaceholder(value) || /^[a-z]{1,7}$/.test(value);
const FORMS: readonly PlacedForm[] = [
  { mark: "bearer ", form: /(?<![a-z0-9])bearer (?<hidden>[\w.~+/=-]{12,})/gi, unless: (value) => !looksMade(value) },
  {
    mark: "cookie",
    form: /(?<![a-z0-9])(?:set-)?cookies?["'\]]?\s{0,4}[:=]\s{0,4}["']?(?<hidden>[^\s"'=;,<>(){}]{1,200}=[^"'\n]{4,4096})/gi,
    unless: (value) => isPlaceholder(value.slice(value.indexOf("=") + 1)),
  },
  { mark: "--cookie", form: /--cookie[ =]["']?(?<hidden>[^\s"'=]{1,200}=[^"'\s]{4,4096})/gi },
  // Addresses.
  {
    mark: "://",
    form: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#"'<>]{0,128}:(?<hidden>[^\s@/"'<>]{1,512})@/gi,
    unless: (value) => isPlaceholder(value) || /^\d{1,5}$/.test(value),
  },
  {
    mark: "://",
    form: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#"'<>]{0,128}:(?<hidden>[^\s@"'<>]{1,200})@(?=[\w.-]{1,200}(?:[:/?#\s"']|$))/gi,
    unless: (value) => isPlaceholder(value) || /^\d{1,5}(?:$|\/)/.test(value),
  },
  {
    mark: "://",
    form: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/(?<hidden>[\w.~+%-]{16,512})@/gi,
    unless: (value) => !looksMade(value) && !/^[a-f0-9]{32,}$/.test(value),
  },
  {
    mark: "=",
    form: /[?&;](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token|x-amz-credential|x-goog-credential|x-oss-signature|code|key|hmac|ticket|policy|st|t|k|sid|session|jwt|assertion|samlresponse|upn)=(?<hidden>[^\s&"'<>#]{12,})/gi,
    unless: (value) => isPlaceholder(value) || (!looksMade(value.slice(0, 200)) && !/^[a-f0-9]{32,}$/i.test(value)),
  },
  { mark: "@tcp(", form: /(?<![\w.-])[\w.-]{1,64}:(?<hidden>[^\s:@/"']{3,128})@(?:tcp|unix)\(/gi, unless: isPlaceholder },
  { mark: "jdbc:oracle", form: /jdbc:oracle:\w{1,10}:[\w.-]{1,64}\/(?<hidden>[^\s@/"']{3,128})@/gi, unless: isPlaceholder },
  // Files and commands of the runner.
  {
    mark: "login",
    form: /(?<![a-z0-9])login[ \t]{1,8}[^\s]{1,200}\s{1,8}(?:account[ \t]{1,8}[^\s]{1,200}\s{1,8})?passw(?:or)?d[ \t]{1,8}(?<hidden>[^\s]{3,512})/gi,
    unless: isWord,
  },
  {
    mark: "machine",
    form: /(?<![a-z0-9])machine[ \t]{1,8}[^\s]{1,200}\s{1,8}passw(?:or)?d[ \t]{1,8}(?<hidden>[^\s]{3,512})/gi,
    unless: isWord,
  },
  { mark: "add-mask", form: /(?:::|##\[)add-mask(?:::|\])(?<hidden>[^\n]{1,4096})/gi, unless: isPlaceholder },
  // `<add key="Password" value="x">`, and `value` before `key`.
  {
    mark: "value=",
    form: /(?:key|name)=["'][\w.:-]{0,100}(?:password|passwd|secret|token|apikey|api[_-]key)["']\s{1,8}value=["'](?<hidden>[^"'\n]{3,1024})/gi,
    unless: isPlaceholder,
  },
  {
    mark: "password=",
    form: /(?<![a-z0-9])password=(?<hidden>[^\s"';&]{1,200}(?<! ) ?[^"';&\n]{0,200})(?=;[ ]?[A-Za-z ]{2,40}=)/gi,
    unless: isPlaceholder,
  },
];

/** Values that are secret by where they stand: behind a header's scheme, in an address, in a line of a known file. */
export function placedSecrets(text: string, small: string): Span[] {
  return FORMS.flatMap(({ mark, form, unless }) => (small.includes(mark) ? hiddenIn(text, form, unless) : []));
}

/** The groups named `hidden` of all matches. */
export function hiddenIn(text: string, form: RegExp, unless: (value: string) => boolean = () => false): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(form)) {
    const value = match.groups?.hidden ?? "";
    if (value === "" || unless(value)) continue;
    const start = match.index + match[0].lastIndexOf(value);
    spans.push({ start, end: start + value.length });
  }
  return spans;
}
