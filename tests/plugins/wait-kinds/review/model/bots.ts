import type { Random } from "../../../../model/random.ts";
import type { Commit } from "../../../../servers/github/mod.ts";
import type { Pull } from "../../../../servers/github/pull.ts";

/** A review bot as its vendor describes it. `end` is given the head that it really read, which may be no longer the head. */
export interface Bot {
  readonly name: string;
  readonly login: string;
  begin(pull: Pull, head: Commit): void;
  end(pull: Pull, head: Commit, random: Random): void;
  refuse(pull: Pull, head: Commit): void;
}

const now = (pull: Pull) => pull.repo.world.now();
const since = (commit: Commit) => Math.round((commit.repo.world.now() - commit.pushedAt) / 1000);

function status(commit: Commit, context: string, state: string, text: string): void {
  const known = commit.statuses.find(({ plan }) => plan.context === context);
  if (known) known.plan.states.push([since(commit), state, text]);
  else commit.status({ context, states: [[since(commit), state, text]] });
}

function sticky(pull: Pull, author: string, body: string): void {
  const known = pull.comments.find((comment) => comment.author === author);
  if (known) Object.assign(known, { body, editedAt: now(pull), editor: author, minimized: false });
  else pull.comments.push({ author, body, at: now(pull) });
}

const review = (pull: Pull, author: string, body: string, sha: string) =>
  pull.reviews.push({ author, state: "COMMENTED", body, sha, at: now(pull) });

/** A status on the commit, or a review that GitHub ties to the head at that time and whose text names the commits. */
const coderabbit: Bot = {
  name: "coderabbit",
  login: "coderabbitai[bot]",
  begin: (_, head) => status(head, "CodeRabbit", "PENDING", "Review in progress"),
  end(pull, head, random) {
    const base = pull.repo.branchSha(pull.base);
    const body = `**Actionable comments posted: 0**\n\nReviewing files that changed from the base of the PR and between ${base} and ${head.sha}.`;
    if (random.chance(0.6)) review(pull, this.login, body, pull.head.sha);
    status(head, "CodeRabbit", "SUCCESS", "Review completed");
  },
  refuse: (_, head) => status(head, "CodeRabbit", "SUCCESS", "Review rate limited"),
};

/** A reaction while it reads; then a comment or a review that names the commit, or another reaction. */
const codex: Bot = {
  name: "codex",
  login: "chatgpt-codex-connector[bot]",
  begin(pull) {
    this.end(pull, pull.head, never);
    pull.reactions.push({ author: this.login, content: "EYES", at: now(pull) });
  },
  end(pull, head, random) {
    pull.reactions = pull.reactions.filter(({ author }) => author !== this.login);
    if (random === never) return;
    const named = `**Reviewed commit:** \`${head.sha.slice(0, 10)}\``;
    if (random.chance(0.4)) review(pull, this.login, `### Codex Review\n\n${named}`, pull.head.sha);
    else if (head === pull.head && random.chance(0.3))
      pull.reactions.push({ author: this.login, content: "THUMBS_UP", at: now(pull) });
    else pull.comments.push({ author: this.login, body: `Didn't find any major issues\n\n${named}`, at: now(pull) });
  },
  refuse(pull) {
    pull.comments.push({ author: this.login, body: "You have reached your Codex usage limits.", at: now(pull) });
  },
};
const never = { chance: () => false } as unknown as Random;

/** It is asked by a request, which it leaves with its review of the commit. */
const copilot: Bot = {
  name: "copilot",
  login: "copilot-pull-request-reviewer[bot]",
  begin(pull) {
    if (!pull.requestedReviewers.includes(this.login)) pull.requestedReviewers.push(this.login);
  },
  end(pull, head) {
    pull.requestedReviewers = pull.requestedReviewers.filter((login) => login !== this.login);
    review(pull, this.login, "## Pull request overview", head.sha);
  },
  refuse(pull, head) {
    pull.requestedReviewers = pull.requestedReviewers.filter((login) => login !== this.login);
    review(pull, this.login, "Copilot was unable to review this pull request.", head.sha);
  },
};

/** A comment that it edits, which mostly names the commit, beside a check. */
const greptile: Bot = {
  name: "greptile",
  login: "greptile-apps[bot]",
  begin: (_, head) => {
    const app = "greptile-apps";
    head.checks({ name: "Greptile Review", app, appears: since(head), starts: since(head), ends: null });
  },
  end(pull, head, random) {
    for (const check of head.suites.flatMap(({ checks }) => checks))
      if (check.plan.name === "Greptile Review" && check.plan.ends === null) check.plan.ends = since(head);
    const url = `https://github.com/octo/app/commit/${head.sha}`;
    const name = random.pick(["fix it", "fix [x]: it", "Merge (a) into `b`"]);
    const named = `\nLast reviewed commit: [${name}](${url})`;
    const isNamed = head !== pull.head || random.chance(0.7);
    sticky(pull, this.login, `<h3>Confidence Score: 4/5</h3>${isNamed ? named : ""}`);
  },
  refuse(pull) {
    pull.comments.push({ author: this.login, body: "Greptile has reached the 50-credit limit.", at: now(pull) });
  },
};

export const BOTS: readonly Bot[] = [coderabbit, codex, copilot, greptile];
