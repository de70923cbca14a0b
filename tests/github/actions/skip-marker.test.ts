import { expect, test } from "vitest";
import { skipMarker } from "../../../src/github/actions/skip-marker.ts";

test.each([
  ["Fix it [skip ci]", "[skip ci]"],
  ["[ci skip] Fix it", "[ci skip]"],
  ["Fix it\n\nBecause [no ci]", "[no ci]"],
  ["Fix it [skip actions]", "[skip actions]"],
  ["Fix it [actions skip]", "[actions skip]"],
  ["Fix it\n\n\nskip-checks: true", "skip-checks: true"],
  ["Fix it\n\n\nCo-authored-by: A <a@example.com>\nskip-checks:true\n", "skip-checks: true"],
  ["Say what [skip-ci] does", null],
  ["Fix it (skip ci)", null],
  ["Fix [SKIP CI]", null],
  ["Fix it\n\nNever write skip-checks: true here", null],
])("%j keeps workflows from starting: %s", (message, words) => {
  expect(skipMarker(message)).toBe(words);
});
