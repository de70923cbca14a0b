import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notifiers } from "../../plugins/notifiers/registry.ts";
import { queueSources } from "../../plugins/queue-sources/registry.ts";
import { ROOT } from "../helpers/p9.ts";

const page = (name: string) => readFileSync(join(ROOT, "references", name), "utf8");

test.each([
  ["queue.md", Object.keys(queueSources)],
  ["notify.md", Object.keys(notifiers)],
])("references/%s has a row for every built-in part of its family", (name, parts) => {
  const rows = [...page(name).matchAll(/^\| `([\w-]+)` \|/gm)].map(([, part]) => part);
  expect(rows).toEqual(expect.arrayContaining(parts));
});

test("references/queue.md names the sources in the order in which they are asked", () => {
  const sentence = /^The sources in this order: (.*), then third parties'/m.exec(page("queue.md"))?.[1] ?? "";
  expect(sentence.split(", ").map((name) => name.replaceAll("`", ""))).toEqual(Object.keys(queueSources));
});
