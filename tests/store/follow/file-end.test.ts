import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { terminationReport } from "../../../src/inbox/report.ts";
import { View } from "../../../src/store/fold.ts";
import { fileEnd } from "../../../src/store/follow/file-end.ts";
import { row } from "../../stats/sample.ts";

function log(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), "p9-file-end-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "build.log");
  writeFileSync(path, text);
  return path;
}

/** Bytes that this process has asked the system for. */
const bytesRead = () => Number(/^rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

test("fileEnd() gives a short file whole, and of a long one the whole lines of its end", () => {
  expect(fileEnd(log("one\ntwo"), 100)).toBe("one\ntwo");
  expect(fileEnd(log("one\ntwo\nthree\n"), 8)).toBe("three\n");
  expect(fileEnd(log("one\r10 %\r20 %"), 8)).toBe("20 %");
});

test("fileEnd() shows no part of a secret that its limit cuts in two", () => {
  expect(fileEnd(log(`token ghp_${"a".repeat(36)}\nit failed\n`), 30)).toBe("it failed\n");
});

test("fileEnd() gives what there is of a line that is longer than its limit", () => {
  expect(fileEnd(log(`${"x".repeat(50)}end\n`), 10)).toBe("xxxxxxend\n");
});

test("fileEnd() of a missing file or a folder is empty", () => {
  expect(fileEnd("/nowhere/build.log", 100)).toBe("");
  expect(fileEnd(tmpdir(), 100)).toBe("");
});

test.runIf(existsSync("/proc/self/io"))("of a log of 1 GiB only the end is read", () => {
  const path = log("first\n");
  truncateSync(path, 2 ** 30);
  appendFileSync(path, "\nsrc/a.ts(1,1): error TS2322\nFailed\n");
  const before = bytesRead();
  expect(fileEnd(path, 4 * 1024 * 1024)).toBe("src/a.ts(1,1): error TS2322\nFailed\n");
  expect(bytesRead() - before).toBeLessThan(5 * 1024 * 1024);
});

test.runIf(existsSync("/proc/self/io"))("the report of a build with a log of 1 GiB reads its end only", () => {
  const path = log("first\n");
  truncateSync(path, 2 ** 30);
  appendFileSync(path, "\nFailed\n");
  const view = new View();
  view.apply(row("w1", Date.now(), "WATCHING", "RED_UNCLASSIFIED", { kind: "build", extra: { log: path } }));
  const before = bytesRead();
  expect(terminationReport(view.waits.get("w1")!).log_tail.at(-1)).toBe("Failed");
  expect(bytesRead() - before).toBeLessThan(64 * 1024);
});
