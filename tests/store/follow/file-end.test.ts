import { mkdtempSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileEnd } from "../../../src/store/follow/file-end.ts";

const file = () => join(mkdtempSync(join(tmpdir(), "p9-end-")), "log");

test("fileEnd() reads a log of four gigabytes from its end only", () => {
  const path = file();
  writeFileSync(path, "");
  truncateSync(path, 4 * 1024 ** 3);
  writeSync(openSync(path, "a"), "\nthe last line\n");
  expect(fileEnd(path, 64)).toBe("the last line\n");
});

test("fileEnd() begins with a whole line, unless there is only one", () => {
  const path = file();
  writeFileSync(path, "token=secret one\ntwo\nthree\n");
  expect(fileEnd(path, 12)).toBe("two\nthree\n".slice(-10));
  expect(fileEnd(path, 1_000)).toBe("token=secret one\ntwo\nthree\n");
  writeFileSync(path, "x".repeat(50));
  expect(fileEnd(path, 10)).toBe("x".repeat(10));
});

test("fileEnd() of what cannot be read is empty", () => {
  expect(fileEnd("/nowhere/log", 10)).toBe("");
});
