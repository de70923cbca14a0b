import { describe, expect, test } from "vitest";
import { isHollowText } from "../../src/reviewers/hollow-text.ts";

describe("isHollowText()", () => {
  test.each([
    "Review rate limited",
    "Review skipped: draft pull request",
    "Review skipped",
    "Review limit reached",
    "Rate limit exceeded",
    "Rate limits exceeded, try again in 12 minutes",
    "API rate limit exceeded for this organization",
    "You have reached your usage limit",
    "Usage limit reached for this billing period",
    "Quota exceeded",
    "Monthly review quota exhausted",
    "Out of credits",
    "No credits left",
    "Insufficient credits to run this analysis",
    "Your trial has expired",
    "Subscription expired: review disabled",
    "Reviews paused",
    "Automatic review disabled",
    "Unable to review this pull request",
    "The bot could not complete the review",
    "Code review not performed",
    "Scan skipped: daily limit reached",
    "Skipping review: too many files",
    "Too large to review",
    "Analysis was not run",
  ])("sees that the work was not done: %s", (text) => expect(isHollowText(text)).toBe(true));

  test.each([
    "Rate limit tests passed",
    "12 tests for rate limited clients passed",
    "Adds a quota exceeded page",
    "Handles rate limited requests",
    "No rate limit exceeded",
    "0 limits exceeded",
    "Limit not reached",
    "Bundle is within the size limit",
    "Coverage 81 %, limit 80 %",
    "All checks have passed",
    "Review completed",
    "No issues found",
    "2 comments",
    "skipped",
    "Skipped",
    "Deployment skipped: no files changed",
    "Scan skipped: no dependency changed",
    "Not affected",
    "Approved",
    "3 skipped, 120 passed",
    "Rate limited at first, then reviewed",
    "",
    null,
  ])("says nothing of what only mentions such words: %s", (text) => expect(isHollowText(text)).toBe(false));

  test("judges the first line, in no time however long the text is", () => {
    expect(isHollowText("Review completed\n\nThe rate limit was exceeded once")).toBe(false);
    const before = performance.now();
    expect(isHollowText("rate limit ".repeat(100_000))).toBe(false);
    expect(isHollowText(`${"no ".repeat(90)} limits`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
