import { expect, test } from "vitest";
import { readEvidence } from "../../src/core/evidence.ts";

test("readEvidence() reads what a row says of each line, and leaves empty what it does not say", () => {
  const said = {
    job: "test",
    step: "Run tests",
    file: "a.ts",
    line: 7,
    text: "expected 1",
    url: "https://example.test/1",
  };
  expect(readEvidence([said, { text: "boom" }])).toEqual([
    said,
    { job: "", step: "", file: "", line: null, text: "boom", url: "" },
  ]);
});

test("readEvidence() passes over what is no line, and reads values of other types as not said", () => {
  const odd = { job: 3, file: null, line: "7", text: 42, url: {} };
  expect(readEvidence(["boom", null, odd])).toEqual([{ job: "", step: "", file: "", line: null, text: "42", url: "" }]);
  expect(readEvidence({ text: "boom" })).toEqual([]);
  expect(readEvidence(undefined)).toEqual([]);
});
