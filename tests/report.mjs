// What a run of vitest came to, read from its JSON report.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** How many tests passed, and each one that failed as `file > name`; null when the run died before its report. */
export function readReport(path, root) {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
    return { passed: numPassedTests, failed: testResults.flatMap((file) => failedIn(file, root)) };
  } catch {
    return null;
  }
}

/** A file may fail without one of its tests: when it cannot be loaded, or in what runs before or after them. */
function failedIn({ name, status, message, assertionResults }, root) {
  const file = relative(root, name);
  const tests = assertionResults.filter((test) => test.status === "failed");
  if (tests.length > 0) return tests.map((test) => [file, ...test.ancestorTitles, test.title].join(" > "));
  return status === "failed" ? [`${file}: ${firstLine(message) || "failed beside its tests"}`] : [];
}

function firstLine(text = "") {
  return text.trim().split("\n", 1)[0].trim();
}
