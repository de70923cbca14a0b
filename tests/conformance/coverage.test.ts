import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notifiers } from "../../plugins/notifiers/registry.ts";
import { queueSources } from "../../plugins/queue-sources/registry.ts";
import { waitKinds } from "../../plugins/wait-kinds/registry.ts";
import { ROOT } from "../helpers/p9.ts";

const tests = readdirSync(join(ROOT, "tests"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(ROOT, "tests", path), "utf8"));

test.each([
  ["wait-kinds", Object.keys(waitKinds), "waitKindChecks("],
  ["queue-sources", Object.keys(queueSources), "queueSourceChecks("],
  ["notifiers", Object.keys(notifiers), "notifierChecks("],
])("every built-in of plugins/%s is run through the conformance suite by a test", (folder, names, suite) => {
  const covered = (name: string) =>
    tests.some((text) => text.includes(suite) && text.includes(`plugins/${folder}/${name}.ts"`));
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !covered(name))).toEqual([]);
});
