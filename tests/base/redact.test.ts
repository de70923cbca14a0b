import { expect, test } from "vitest";
import { isSecretName, redact, safeText, secretValues } from "../../src/base/redact.ts";

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

test("redact() hides private key blocks and known values", () => {
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"QUJD\n".repeat(20)}-----END OPENSSH PRIVATE KEY-----`;
  expect(redact(`a\n${key}\nb`)).toBe("a\n-----PRIVATE KEY *** -----\nb");
  expect(redact("the value is plainwords", ["plainwords"])).toBe("the value is ***");
});

test("secretValues() takes the values of variables with secret names only", () => {
  expect(secretValues({ PATH: "/usr/bin:/bin", MY_TOKEN: "abcdef123", X_SECRET: "ab" })).toEqual(["abcdef123"]);
  expect(isSecretName("VERCEL_TOKEN")).toBe(true);
});

test("safeText() removes escapes and bidirectional controls, and clips", () => {
  expect(safeText("\u001b[31mred\u001b[0m\u202etxt\u0007")).toBe("redtxt");
  expect(safeText("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
});
