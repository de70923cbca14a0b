import { expect, test } from "vitest";
import { localTime } from "../../src/base/local-time.ts";
import { rateLimited } from "../../src/github/classify.ts";

test("a moment is told by this machine's clock, which is said; the day where it is another", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 5).getTime();
  expect(localTime(at(27, 15), at(27, 9))).toBe("15:05 local time");
  expect(localTime(at(28, 1), at(27, 9))).toBe("2026-11-28 01:05 local time");
});

test("the end of a rate limit is told so too", () => {
  const now = new Date(2026, 10, 27, 9, 0).getTime();
  const { message } = rateLimited({ "x-ratelimit-reset": String(now / 1000 + 600) }, now, 403);
  expect(message).toBe("GitHub's rate limit is used up until 09:10 local time");
});
