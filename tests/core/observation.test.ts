import { expect, test } from "vitest";
import { asObservation, ObservationError } from "../../src/core/observation.ts";
import { GitHubError } from "../../src/github/errors.ts";

test("a kind of ObservationError keeps what it says about waiting, whatever it is called", () => {
  const error = new GitHubError("forbidden", "no", { lasting: true, needs: "a token", retryAfterS: 7 });
  expect(asObservation(error)).toMatchObject({ name: "GitHubError", lasting: true, needs: "a token", retryAfterS: 7 });
});

test("one of another copy of the class is known by its name, anything else is not", () => {
  const copy = Object.assign(new Error("x"), { name: "ObservationError", lasting: true });
  expect(asObservation(copy)?.lasting).toBe(true);
  expect(asObservation(new ObservationError("x"))?.lasting).toBe(false);
  expect(asObservation(new Error("x"))).toBeNull();
  expect(asObservation("x")).toBeNull();
});
