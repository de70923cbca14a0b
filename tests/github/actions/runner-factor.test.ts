import { expect, test } from "vitest";
import { runnerFactor } from "../../../src/github/actions/runner-factor.ts";

test.each<[readonly string[], number | null]>([
  [["ubuntu-latest"], 1],
  [["ubuntu-24.04-arm"], 1],
  [["Windows-2022"], 2],
  [["windows-11-arm"], 2],
  [["macos-14"], 10],
  [["macos-15-intel"], 10],
  [["macos-13-large"], 15],
  [["macos-latest-xlarge"], 20],
  [["ubuntu-latest-16-cores"], 8],
  [["ubuntu-22.04-4core"], 2],
  [["windows-latest-8-cores"], 8],
  [["self-hosted", "linux", "x64"], 0],
  [["my-own-group", "ubuntu-latest"], 1],
  [["gpu-runners"], null],
  [["ubuntu-latestish"], null],
  [[], null],
])("a job with the labels %j counts %j times", (labels, factor) => {
  expect(runnerFactor(labels)).toBe(factor);
});
