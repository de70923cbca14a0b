import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reviewers } from "../../plugins/reviewers/registry.ts";
import { checkBlock } from "../../src/config/check.ts";
import { serviceProblems } from "../../src/config/services.ts";
import { knownReviewers } from "../../src/reviewers/known.ts";
import { ROOT } from "../helpers/p9.ts";
import { blocksOf } from "./snippets.ts";

const PAGE = readFileSync(join(ROOT, "references", "reviewers.md"), "utf8");

describe("references/reviewers.md", () => {
  it.each(Object.entries(reviewers))("has a row for %s with how it is asked again", async (name, load) => {
    const { title, ask } = await load();
    const row = PAGE.split("\n").find((line) => line.startsWith("|") && line.includes(`(\`${name}\`)`)) ?? "";
    expect(row).toContain(title);
    if ("comment" in ask) expect(row).toContain(`\`${ask.comment}\``);
  });

  it("shows a policy that p9 takes as it is, and knows a reviewer by", async () => {
    const { parse } = await import("yaml");
    const { ci_watch } = parse(blocksOf(PAGE).find(({ file }) => file === ".control/policy.yaml")?.text ?? "");
    const checked = checkBlock("ci_watch", ci_watch, "policy.yaml");
    expect(checked).toMatchObject({ problems: [], warnings: [] });
    expect(serviceProblems(checked.value, "policy.yaml")).toEqual([]);
    const known = await knownReviewers(reviewers, checked.value);
    expect(known.map(({ name }) => name)).toEqual(["acme", ...Object.keys(reviewers)]);
  });

  it("is told what is wrong with an entry: the key, and the nearest one", () => {
    const entry = { signals: [{ in: "status", means: "done", txt: "x" }], logins: ["x[bot]"], ask: {} };
    const { value } = checkBlock("ci_watch", { reviewers: { acme: entry } }, "policy.yaml");
    expect(serviceProblems(value, "policy.yaml")).toEqual([
      expect.stringMatching(/"ci_watch\.reviewers\.acme\.signals\.0\.txt".*unknown key "txt" \(did you mean "text"/),
    ]);
  });
});
