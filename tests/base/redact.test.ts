import { expect, test } from "vitest";
import { isSecretName, redact, safeText, secretValues } from "../../src/base/redact.ts";
import { stripControls } from "../../src/base/text.ts";
import { FIRST_LIST, HARMLESS_LINES, SECOND_LIST, type Shape } from "./secrets/shapes.ts";
import { THIRD_LIST } from "./secrets/third-list.ts";

const SECRETS = [
  `ghp_${"a1B2".repeat(9)}`,
  `github_pat_${"x".repeat(40)}`,
  `lin_api_${"k".repeat(40)}`,
  `AKIA${"ABCD".repeat(4)}`,
  `xoxb-${"1".repeat(20)}`,
  `eyJhbGciOiJIUzI1NiJ9.${"a".repeat(30)}.${"b".repeat(30)}`,
];

test.each(SECRETS)("redact() hides the token %s wherever it stands", (secret) => {
  expect(redact(`before ${secret} after`)).toBe("before *** after");
  expect(redact(`url?x=${secret}&y=1`)).not.toContain(secret);
});

test("redact() hides values that their name says are secret, and keeps the name", () => {
  expect(redact("DB_PASSWORD=hunter22 NODE_ENV=test")).toBe("DB_PASSWORD=*** NODE_ENV=test");
  expect(redact('"api_key": "abcdef123456"')).toBe('"api_key": "***"');
  expect(redact("Authorization: Bearer abc.def.ghi")).toBe("Authorization: Bearer ***");
  expect(redact("https://user:hunter22@example.org/x")).toBe("https://user:***@example.org/x");
});

test("redact() leaves messages about a missing secret readable", () => {
  expect(redact("error: token: missing")).toBe("error: token: missing");
  expect(redact("GITHUB_TOKEN: $" + "{{ secrets.X }}")).toContain("GITHUB_TOKEN");
  expect(redact("syntax error, unexpected token: ;")).toBe("syntax error, unexpected token: ;");
});

test("redact() shows which variable a provider's header names, and nothing that stands beside it", () => {
  const header = '"authorization": "Bearer {env:ACME_TOKEN}", "x-api-key": "{env:ACME_KEY?}"';
  expect(redact(header)).toBe(header);
  expect(redact('"authorization": "Bearer {env:A}and-a-secret"')).not.toContain("and-a-secret");
  expect(redact('"x-api-key": "{env:A}and-a-secret"')).not.toContain("and-a-secret");
});

/** A text as it may be wrapped: colours within the secret, invisible characters, JSON, JSON in JSON, in a log with time stamps. */
function wrapped({ text, secrets }: Shape): Readonly<Record<string, string>> {
  const within = (change: (first: string, second: string) => string) =>
    secrets
      .filter((secret) => !secret.includes("\u001b"))
      .reduce((all, secret) => {
        const middle = secret.length >> 1;
        return all.split(secret).join(change(secret.slice(0, middle), secret.slice(middle)));
      }, text);
  const coloured = within((first, second) => `\u001b[32m${first}\u001b[1m${second}\u001b[0m`);
  return {
    plain: text,
    coloured,
    "invisibly split": within((first, second) => `${first}\u200b\u{e0041}${second}`),
    "in JSON": JSON.stringify({ log: text }),
    "coloured in JSON": JSON.stringify(coloured),
    "colours as gh writes them": coloured.replaceAll("\u001b", "^["),
    "JSON in JSON": JSON.stringify(JSON.stringify(text)),
    "with time stamps": text.replace(/^/gm, STAMP),
    "in a log of gh": text.replace(/^/gm, `build\tRun tests\t\ufeff${STAMP}`),
    "in an address": `GET /log?x=${encodeURIComponent(text)}`,
    "wrapped at 80 columns": `${STAMP}${text}`.replace(/[^\n]{80}(?=[^\n])/g, "$&\n"),
    "wrapped, then with time stamps": text.replace(/[^\n]{80}(?=[^\n])/g, "$&\n").replace(/^/gm, STAMP),
  };
}

const STAMP = "2026-01-02T03:04:05.1234567Z ";
/** Forms in which some shapes cannot be told: what made them one is broken or written as an address. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  "GCP service account": ["wrapped at 80 columns"],
  "PowerShell env dump": ["in an address", "JSON in JSON"],
  "env dump in columns": ["in an address"],
  Android: ["JSON in JSON"],
  "Dockerfile ENV": ["in an address"],
  "netscape cookie": ["wrapped, then with time stamps"],
  "seed phrase": ["wrapped at 80 columns", "wrapped, then with time stamps"],
};

/** A piece of a secret that is still there, as a reader would put it together. */
function leftOf(secrets: readonly string[], redacted: string): string | undefined {
  let seen = redacted;
  for (let depth = 0; depth < 3; depth++) {
    seen = seen
      .replace(/\\+u001b\[[0-9;]*m|\^\[\[[0-9;]*m/g, "")
      .replace(/\\+(["n])/g, (_, char) => (char === "n" ? "\n" : char));
  }
  seen = stripControls(seen);
  return secrets
    .map(stripControls)
    .flatMap((secret) => {
      const length = Math.min(8, secret.length);
      return Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length));
    })
    .find((piece) => seen.includes(piece));
}

test.each([...FIRST_LIST, ...SECOND_LIST, ...THIRD_LIST])("redact() leaves nothing of: $name", (shape) => {
  for (const [form, text] of Object.entries(wrapped(shape))) {
    if (LOST[shape.name]?.includes(form)) continue;
    const redacted = redact(text);
    expect(leftOf(shape.secrets, redacted), form).toBeUndefined();
    expect(redact(redacted), `${form}, redacted twice`).toBe(redacted);
  }
});

test.each(HARMLESS_LINES)("redact() changes nothing in: %s", (line) => {
  expect(redact(line)).toBe(line);
  expect(redact(JSON.stringify(line))).toBe(JSON.stringify(line));
});

test("redact() takes control characters out and leaves escapes that are written out, except within a secret", () => {
  expect(redact("\u001b[31mred\u001b[0m\r\nnext\tcell")).toBe("red\nnext\tcell");
  expect(redact(String.raw`"a\u001b[31mb\n"`)).toBe(String.raw`"a\u001b[31mb\n"`);
  expect(redact(String.raw`"\u001b[31mghp_${"a1B2".repeat(9)}\u001b[0m"`)).toBe(String.raw`"\u001b[31m***\u001b[0m"`);
});

test("redact() hides a known value however it is written", () => {
  const value = 'plain "words" & more/less';
  const known = [value];
  expect(redact(`x ${value} y`, known)).toBe("x *** y");
  expect(redact(`x ${value.slice(0, 9)}\u001b[1m${value.slice(9)} y`, known)).toBe("x *** y");
  expect(redact(JSON.stringify({ x: value }), known)).toBe('{"x":"***"}');
  expect(redact(`q=${encodeURIComponent(value)}&z`, known)).toBe("q=***&z");
  for (const before of ["", "u", "us", "user:"]) {
    const coded = Buffer.from(`${before}${value}:after`).toString("base64");
    expect(redact(`x ${coded} y`, known)).not.toContain(Buffer.from(value.slice(6, 18)).toString("base64"));
    expect(redact(`x ${coded} y`, known)).toContain("***");
  }
  const key = `first line of the value\nsecond line of the value`;
  expect(redact("2026 first line of the value\n2026 second line of the value", [key])).toBe("2026 ***\n2026 ***");
});

test("redact() hides a private key that lost its end, or its beginning", () => {
  const lines = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0\n".repeat(3);
  expect(redact(`a\n-----BEGIN EC PRIVATE KEY-----\n${lines}b`)).toBe("a\n-----PRIVATE KEY *** -----\nb");
  const stamped = lines.replace(/^(?=.)/gm, "job\tstep\t2026-01-02T03:04:05.1234567Z ");
  expect(redact(`-----BEGIN EC PRIVATE KEY-----\n${stamped}b c`)).toBe("-----PRIVATE KEY *** -----\nb c");
  expect(redact(`some words\n${lines}-----END EC PRIVATE KEY-----\nb`)).toBe(
    "some words\n-----PRIVATE KEY *** -----\nb",
  );
});

/** Beginnings of what is looked for, again and again: the worst that a text can do to a search. */
const HOSTILE = [
  'password="',
  "token: ",
  "--password ",
  "mysql -p",
  "curl -u a:",
  "Authorization: ",
  "authorization=",
  "Cookie: a=",
  "://",
  "a://b:c@d",
  "?sig=",
  "::add-mask::",
  "login a password ",
  "password=a b;",
  'name="a_password" value=',
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----\n",
  "PuTTY-User-Key-File-2: ",
  "eyJaaaaaaaa.",
  "ops_eyJ",
  "ghp_",
  "sk-a",
  "\\",
  "\\n",
  "\\u001b[",
  "%41",
  "\u001b[",
  "\u001b]",
  "\u200b",
  "\u{1f469}\u200d",
  "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0e ",
  "a",
  "token:token:",
  "token=abc ",
  `${"token=abc ".repeat(8)}\n`,
  "openssl -pass ",
  "\u0301a",
  "echo a | ",
  "curl -b a=",
  "a".repeat(40).concat("\n"),
];

test.each(HOSTILE)("redact() reads text made of %j in time that grows with its length", (part) => {
  const time = (length: number) => {
    const text = part.repeat(length / part.length + 1).slice(0, length);
    const before = process.cpuUsage();
    redact(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  time(32 * 1024);
  // Half a second for 2 MiB on a machine of its own; here others run.
  expect(time(512 * 1024)).toBeLessThan(500);
});

test("redact() hides hundreds of thousands of secrets in one text", () => {
  for (const part of ["a://b:c1@d ", "PGPASSWORD=abc1 ", "://me:x1y2@tcp( "]) {
    expect(redact(part.repeat(250_000))).toBe(redact(part).repeat(250_000));
  }
});

test("redact() hides private key blocks and known values", () => {
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"QUJD\n".repeat(20)}-----END OPENSSH PRIVATE KEY-----`;
  expect(redact(`a\n${key}\nb`)).toBe("a\n-----PRIVATE KEY *** -----\nb");
  expect(redact("the value is plainwords", ["plainwords"])).toBe("the value is ***");
});

test("secretValues() takes the values of variables with secret names only", () => {
  expect(secretValues({ PATH: "/usr/bin:/bin", MY_TOKEN: "abcdef123", X_SECRET: "ab" })).toEqual(["abcdef123"]);
  expect(secretValues({ PWD: "/home/me", SSH_AUTH_SOCK: "/tmp/agent", AUTHOR_NAME: "Jane Doe" })).toEqual([]);
  expect(secretValues({ DATABASE_URL: "postgres://me:hunter22@db/x" })).toEqual(["hunter22"]);
  for (const name of ["VERCEL_TOKEN", "STRIPE_KEY", "DB_PASS", "PGPASSWORD", "clientSecret", "SSH_AUTH_SOCK"])
    expect(isSecretName(name), name).toBe(true);
  for (const name of ["PATH", "HOME", "PWD", "KEYMAP", "COMPASS_DIR"]) expect(isSecretName(name), name).toBe(false);
});

test("safeText() removes escapes and bidirectional controls, and clips", () => {
  expect(safeText("\u001b[31mred\u001b[0m\u202etxt\u0007")).toBe("redtxt");
  expect(safeText("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
});
