// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMergeFacts } from "../../../src/merge/read-facts.ts";
import { mergeVerdict } from "../../../src/merge/verdict.ts";
import { type Setup, setUp } from "../../github/ask.ts";
import type { Pull, Repo, RulePlan } from "../../servers/github/mod.ts";

const TODAY = "a reviewer with write access: review";
let setup: Setup;
let repo: Repo;
let pull: Pull;
beforeEach(async () => {
  setup = await setUp();
  repo = setup.server.world.repo("octo/app");
  pull = repo.pull(42, { head: "first", files: ["src/a.ts", "docs/b.md"] });
  pull.head.checks("lint");
  demand({ codeOwners: true });
});
afterEach(() => setup.stop());

function demand(more: Partial<RulePlan>): void {
  repo.rules.length = 0;
  repo.require({ required: ["lint"], ...more });
}
function owners(text: string, path = ".github/CODEOWNERS"): void {
  repo.files.set(path, { text });
}
async function move(): Promise<string | undefined> {
  setup.clock.advance(1);
  const { unmet } = mergeVerdict(await readMergeFacts(setup.client, "octo/app", 42, pull.head.sha));
  return unmet.find(({ condition }) => condition === "review_required")?.who;
}

describe("where a code owner's review is missing and none is asked for it", () => {
  test.each(["ruleset", "protection"] as const)(
    "the owners of the changed files are named, by a rule of a %s",
    async (source) => {
      demand({ codeOwners: true, source });
      owners("* @all\nsrc/ @octo/team\n*.md ann@example.com @octo/team\n");
      expect(await move()).toBe("ask a code owner: @octo/team, ann@example.com");
    },
  );

  test("the first file counts that is there, on the branch that it goes into", async () => {
    owners("* @third", "docs/CODEOWNERS");
    expect(await move()).toBe("ask a code owner: @third");
    owners("* @second", "CODEOWNERS");
    expect(await move()).toBe("ask a code owner: @second");
    owners("", ".github/CODEOWNERS");
    expect(await move()).toBe(TODAY);
    repo.push("release", "r1");
    pull.base = "release";
    demand({ codeOwners: true, branch: "release" });
    owners("* @release", "release:.github/CODEOWNERS");
    expect(await move()).toBe("ask a code owner: @release");
  });

  test("at most three are named and the rest is counted, whatever their names hold", async () => {
    owners("*.ts @a @b @c @d @e\n*.md x\u001b[31m\u202e@evil.example\n");
    const who = await move();
    expect(who).toBe("ask a code owner: @a, @b, @c and 3 more");
    owners("* x\u001b[31m\u202e@evil.example");
    expect(await move()).not.toMatch(/[\u001b\u202e]/);
  });

  test("the owners of every changed file count, on all pages", async () => {
    pull.files = Array.from({ length: 300 }, (_, at) => (at === 299 ? "last/z.ts" : `src/${at}.ts`));
    owners("src/ @first\nlast/ @last\n");
    expect(await move()).toBe("ask a code owner: @first, @last");
    setup.server.world.hole({ field: "PullRequest.files", page: 3, what: "FORBIDDEN" });
    expect(await move()).toBe(TODAY);
  });

  test("one whose approval is there is not asked again", async () => {
    owners("*.ts @ann @bob\n*.md @octo/docs\n");
    pull.reviews.push({ author: "Bob", state: "APPROVED" });
    expect(await move()).toBe("ask a code owner: @octo/docs");
  });

  test("the author is not asked: nobody approves a change of their own", async () => {
    owners("*.ts @octocat @ann\n*.md @Octocat\n");
    expect(await move()).toBe("ask a code owner: @ann");
    owners("* @Octocat\n");
    expect(await move()).toBe("an admin: name another code owner, the only one is the author octocat");
  });

  test("somebody else who is asked is named as well", async () => {
    owners("* @octo/team\n");
    pull.requestedReviewers = ["carol"];
    expect(await move()).toBe("carol: review; and ask a code owner: @octo/team");
  });
});

describe("nobody is named beside those that are asked", () => {
  test("an owner, by GitHub or by hand", async () => {
    owners("* @octo/team @ann\n");
    pull.requestedReviewers = ["ann"];
    expect(await move()).toBe("ann: review");
    pull.requestedReviewers = [];
    pull.requestedOwners = ["octo/team"];
    expect(await move()).toBe("octo/team: review");
  });

  test("where CODEOWNERS is not there, is withheld, is too large, or names nobody for these files", async () => {
    expect(await move()).toBe(TODAY);
    owners("lib/ @ann\n");
    expect(await move()).toBe(TODAY);
    repo.files.set(".github/CODEOWNERS", { text: "* @ann", size: 3_000_000 });
    owners("* @bob", "CODEOWNERS");
    expect(await move()).toBe(TODAY);
    repo.files.set(".github/CODEOWNERS", { text: "* @ann", truncated: true });
    expect(await move()).toBe(TODAY);
    owners("* @ann\n");
    setup.server.world.permissions.contents = false;
    expect(await move()).toBe(TODAY);
    setup.server.world.permissions.contents = true;
    expect(await move()).toBe("ask a code owner: @ann");
  });

  test("in one request more, and in none where no owner's review is missing", async () => {
    const cost = async () => {
      const before = setup.server.seen.length;
      await move();
      return setup.server.seen.length - before;
    };
    owners("* @ann\n");
    const asked = await cost();
    pull.requestedOwners = ["ann"];
    expect(await cost()).toBe(asked - 1);
    pull.requestedOwners = [];
    demand({ approvals: 1 });
    expect(await cost()).toBe(asked - 1);
    demand({ codeOwners: true });
    pull.reviews.push({ author: "ann", state: "APPROVED", ofOwner: true });
    expect(await cost()).toBe(asked - 1);
    const points = setup.server.points;
    await move();
    expect(setup.server.points - points).toBe(1);
  });
});
