import { onTestFinished, type TestContext, TestRunner } from "vitest";

/** What a test that runs beside others hands to the helpers it calls. */
export type OwnTest = Pick<TestContext, "onTestFinished">;

/**
 * Runs `close` when the test ends. A test that runs beside others of its file passes its context: vitest knows only one test as
 * the current one, and closed worlds of tests that still used them.
 */
export function atTestEnd(close: () => void | Promise<void>, test?: OwnTest): void {
  if (!test && TestRunner.getCurrentTest()?.concurrent) {
    throw new Error("Cannot tell which of the tests that run at once this is: wanted its context");
  }
  (test?.onTestFinished ?? onTestFinished)(close);
}

/** Prints what `describe` returns when the test fails, before what was made earlier is closed. */
export function onFailure(describe: () => string): void {
  const test = TestRunner.getCurrentTest();
  if (!test || test.concurrent) return;
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") console.error(`${task.name}:\n${describe()}`);
  });
}

/**
 * Milliseconds until shortly before the limit of the running test: what a helper waits for at most, so that a test that hangs says
 * for what.
 */
export function timeLeft(): number {
  const test = TestRunner.getCurrentTest();
  const start = test?.result?.startTime ?? Date.now();
  return Math.max(1_000, start + (test?.timeout ?? 60_000) - 5_000 - Date.now());
}
