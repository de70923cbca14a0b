import { expect, test } from "vitest";
import { ServerClock } from "../../../src/github/time/server-clock.ts";

/** A server whose time is `ahead` ms beyond the local wall clock, asked over a network that takes `ms`. */
function lab(ahead: number) {
  let monotonic = 50_000;
  let wall = Date.UTC(2026, 5, 1);
  let server = wall + ahead;
  const clock = new ServerClock({ now: () => wall, monotonic: () => monotonic });
  const pass = (ms: number) => {
    monotonic += ms;
    wall += ms;
    server += ms;
  };
  return {
    clock,
    pass,
    jump: (ms: number) => {
      wall += ms;
    },
    /** The machine sleeps: time passes everywhere but on the monotonic clock. */
    suspend: (ms: number) => {
      wall += ms;
      server += ms;
    },
    ask: (ms: number, more: Record<string, string> = {}) => {
      const sentAt = monotonic;
      pass(ms / 2);
      const date = new Date(server).toUTCString();
      pass(ms / 2);
      clock.learn({ date, "x-github-request-id": "1", ...more }, sentAt);
    },
    error: () => Math.abs(clock.now() - server),
    get wall() {
      return wall;
    },
  };
}

const HOUR = 3_600_000;

test.each([-HOUR, HOUR, 24 * HOUR, 0])(
  "a local clock that differs by %i ms tells GitHub's time after one answer",
  (ms) => {
    const one = lab(ms);
    expect(one.clock.now()).toBe(one.wall);
    one.ask(300);
    expect(one.error()).toBeLessThan(700);
  },
);

test("more answers make it more exact, and a slow one does not spoil it", () => {
  const one = lab(-HOUR);
  for (let count = 0; count < 30; count += 1) {
    one.ask(200);
    one.pass(1130);
  }
  const before = one.error();
  expect(before).toBeLessThan(200);
  one.ask(15_000);
  expect(one.error()).toBeLessThanOrEqual(before + 1);
});

test("a jump of the local clock changes nothing", () => {
  const one = lab(0);
  one.ask(200);
  one.jump(24 * HOUR);
  one.pass(60_000);
  expect(one.error()).toBeLessThan(700);
  one.jump(-48 * HOUR);
  expect(one.error()).toBeLessThan(700);
  expect(one.clock.behindMs()).toBeGreaterThan(23 * HOUR);
});

test("after the machine slept the next answer sets it right", () => {
  const one = lab(0);
  one.ask(200);
  one.suspend(8 * HOUR);
  one.ask(400);
  expect(one.error()).toBeLessThan(800);
});

test("the date of whatever answers in GitHub's place is not GitHub's", () => {
  const one = lab(0);
  one.ask(200);
  one.clock.learn({ date: "Thu, 01 Jan 1970 00:00:00 GMT", server: "captive-portal" }, 0);
  expect(one.error()).toBeLessThan(700);
  one.clock.learn({ date: "no date", "x-github-request-id": "1" }, 0);
  one.clock.learn({ "x-github-request-id": "1" }, 0);
  expect(one.error()).toBeLessThan(700);
});

test("an answer out of a cache is as old as it says", () => {
  const one = lab(0);
  const date = new Date(one.wall - 600_000).toUTCString();
  one.clock.learn({ date, age: "600", "x-github-request-id": "1" }, 50_000);
  expect(one.error()).toBeLessThan(1000);
});
