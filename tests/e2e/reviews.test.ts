// needs: gh, namespaces
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { followGit, type Pull } from "../servers/github/mod.ts";
import { missingForClient } from "./claude/support/client.ts";
import { bash, say } from "./claude/support/model.ts";
import { PLUGIN, until, World } from "./claude/support/world.ts";

const missing = missingForClient();
let world: World;
afterEach(() => world?.destroy());

const POLICY = `ci_watch:
  auto: [pr-ci, review]
  settle: 0
  reviews: { settle: { quiet: 1 } }
ci_heal: {}
`;

/** A branch with a pull request whose check passes at once, and which CodeRabbit begins to review with every push. */
function prepare(): Pull {
  mkdirSync(join(world.project, ".control"), { recursive: true });
  writeFileSync(join(world.project, ".control/policy.yaml"), POLICY);
  world.git(["add", "-A"]);
  world.git(["commit", "-q", "-m", "Set the project up"]);
  world.git(["push", "-q", "origin", "HEAD:main", "feature"]);
  const repo = world.github?.world.repo("octo/app");
  const pull = repo?.pull(42, { branch: "feature", head: world.git(["rev-parse", "HEAD"]).trim() });
  if (!repo || !pull) throw new Error("No GitHub");
  repo.require({ required: ["lint"], conversationResolution: true });
  followGit(repo, world.lab.remote, ({ branch, commit }) => {
    if (branch !== "feature" || commit.suites.length > 0) return;
    commit.checks("lint");
    commit.status({ context: "CodeRabbit", states: [[0, "PENDING", "Review in progress"]] });
  });
  return pull;
}

/** Waits until the commit that was pushed last is the pull request's head. */
const pushed = (pull: Pull) =>
  until(
    () =>
      pull.head.sha === world.git(["rev-parse", "feature"], world.lab.remote).trim() && pull.head.statuses.length > 0,
    () => "the pushed commit at GitHub",
  );

/** CodeRabbit has finished with the head, now. */
function reviewed(pull: Pull): void {
  const seconds = ((world.github?.world.now() ?? 0) - pull.head.pushedAt) / 1000;
  pull.head.status({ context: "CodeRabbit", states: [[seconds, "SUCCESS", "Review completed"]] });
}

/** Whether the model was told of an ending, since so many requests. */
const wasTold = (text: string, since = 0) => world.model.requests.slice(since).some(({ news }) => news.includes(text));
const told = (text: string, since = 0) =>
  until(
    () => wasTold(text, since),
    () =>
      `${text}, after\n${world.model.requests.map(({ news }) => news.slice(-800)).join("\n---\n")}\n${world.notes()}`,
  );

test.skipIf(missing)(
  "push, red by a thread, popped, fixed, answered and resolved, reviewed, ready to merge",
  async () => {
    world = await World.create();
    const pull = prepare();
    const session = world.stream({ args: PLUGIN });
    world.model.script(
      bash("mkdir -p src && echo 'export const last = (a) => a[a.length];' > src/last.js"),
      bash("git add -A && git commit -q -m 'Add last' && git push"),
      say("Pushed."),
    );
    session.send("Add last, and push it.");
    await told("p9 watches");
    await told("PR #42 (octo/app) ended GREEN");

    // The reviewer finds something: one wake, with the thread as evidence and what to do.
    await pushed(pull);
    const before = world.model.requests.length;
    const body = "Off by one: this is always undefined";
    pull.threads.push({ path: "src/last.js", line: 1, author: "coderabbitai[bot]", body, sha: pull.head.sha });
    world.model.script(
      bash("p9 wait-queue pop --json > ../item.json; cat ../item.json"),
      bash(
        "echo 'export const last = (a) => a[a.length - 1];' > src/last.js && git commit -qam 'Mend last' && git push",
      ),
      bash("p9 threads reply \"$(grep -o 'PRRT_[A-Za-z0-9_]*' ../item.json | head -1)\" --body 'Mended'"),
      bash(`p9 wait-queue done "$(node -p 'require("../item.json").id')"`),
      say("Mended."),
    );
    reviewed(pull);
    await told("review of PR #42 (octo/app) ended RED_CLASSIFIED (failed)", before);
    const red = world.model.requests[before]?.news ?? "";
    expect(red).toContain("1 review thread is open (coderabbitai)");
    expect(red).toContain(`coderabbitai says "${body}"`);
    expect(red.match(/Next action: p9 threads 42/g)).toHaveLength(1);
    await until(
      () => world.model.left === 0,
      () => "the end of the repair",
    );
    await pushed(pull);
    expect(world.model.requests[before + 1]?.news).toContain("Answer the review thread by coderabbitai");
    await told("answered and resolved", before);
    expect(pull.threads[0]).toMatchObject({ resolved: true, replies: [{ body: "Mended" }] });

    // Reviewed again, and green: the merge predicate holds.
    const after = world.model.requests.length;
    reviewed(pull);
    await told("review of PR #42 (octo/app) ended GREEN", before + 1);
    await until(
      () => world.events().filter(({ kind, to_state }) => kind === "pr-ci" && to_state === "GREEN").length === 2,
      () => "the checks of the second push",
    );
    world.model.script(bash("p9 merge-ready 42"), say("Ready."));
    session.send("Is it ready?");
    await told("marked MERGE_READY", after);
    await session.close();
    const reds = world.model.requests.filter(({ news }) => news.includes("ended RED_"));
    expect(reds).toHaveLength(1);
  },
);
