import { expect, test } from "vitest";
import { shown } from "../../src/core/shown.ts";

const SECRET = "k7Rb2XqZ9mTf";

test("shown() hides secrets in command lines, also one that the word before tells, and leaves the words apart", () => {
  expect(shown({ argv: ["deploy", "--password", SECRET, "now"] })).toEqual({
    argv: ["deploy", "--password", "***", "now"],
  });
  expect(shown({ argv: ["docker", "login", "-p", SECRET] })).toEqual({ argv: ["docker", "login", "-p", "***"] });
  expect(shown([{ extra: { pin: { identity: { argv: ["sh", "-c", `DB_PASS=${SECRET} make "it"`] } } } }])).toEqual([
    { extra: { pin: { identity: { argv: ["sh", "-c", 'DB_PASS=*** make "it"'] } } } },
  ]);
  expect(shown({ identity: { cmd: `curl -u me:${SECRET} x` } })).toEqual({ identity: { cmd: "curl -u me:*** x" } });
});

test("shown() changes nothing else", () => {
  const row = { ref: "a", argv: ["npm", "test", "--", "-p", "2"], n: 1, list: [null, true], token: "stays" };
  expect(shown(row)).toEqual(row);
});
