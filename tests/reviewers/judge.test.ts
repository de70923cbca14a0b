import { describe, expect, test } from "vitest";
import type { Act, Activity } from "../../src/reviewers/activity.ts";
import { defineReviewer } from "../../src/reviewers/describe/define.ts";
import { judgeReviewer } from "../../src/reviewers/judge.ts";

const HEAD = "a".repeat(40);
const OLD = "b".repeat(40);
const PUSHED = 1_000_000;

const reviewer = defineReviewer({
  name: "bot",
  title: "Bot",
  checked: "here",
  logins: ["bot[bot]"],
  apps: ["bot-app"],
  contexts: ["Bot"],
  signals: [
    { in: "status", text: "rate limited", means: "refused" },
    { in: "status", is: ["pending"], means: "running" },
    { in: "status", is: ["success"], means: "done" },
    { in: "check", is: ["neutral", "success"], means: "done" },
    { in: "request", means: "running" },
    { in: "reaction", is: ["eyes"], means: "running" },
    { in: "comment", text: "reviewed commit", head: "reviewed commit ([0-9a-f]{7,40})", means: "done" },
    { in: "comment", text: "looks good", means: "done" },
    { in: "review", text: "could not", means: "refused" },
    { in: "review", means: "done" },
  ],
  ask: { comment: "@bot review" },
});

/** An act of the bot; a second after the push of the head. */
function act(more: Partial<Act>): Act {
  return {
    in: "status",
    by: "bot[bot]",
    name: "Bot",
    is: "",
    text: "",
    sha: null,
    at: PUSHED + 1000,
    url: null,
    ...more,
  };
}

function judge(acts: readonly Partial<Act>[], more: Partial<Activity> = {}) {
  return judgeReviewer(reviewer, { head: HEAD, headAt: PUSHED, acts: acts.map(act), partial: false, ...more });
}

describe("judgeReviewer()", () => {
  test("takes the state of a status on the head, and what it says over its state", () => {
    expect(judge([{ is: "pending", sha: HEAD, by: null }]).state).toBe("running");
    expect(judge([{ is: "success", sha: HEAD, by: null, text: "Review completed" }]).state).toBe("done");
    expect(judge([{ is: "success", sha: HEAD, by: null, text: "Review rate limited" }]).state).toBe("refused");
    expect(judge([{ is: "success", sha: HEAD, by: null, name: "Bottle" }])).toMatchObject({
      state: "silent",
      seen: false,
    });
  });

  test("is silent about a head when what it said was about an earlier one, which it names", () => {
    const found = judge([{ in: "review", is: "commented", text: "Nice", sha: OLD }]);
    expect(found).toMatchObject({ state: "silent", earlier: OLD, seen: true });
  });

  test("goes by the sha in a comment, however old the comment is, and by time where none is named", () => {
    const sticky = { in: "comment", text: `Reviewed commit ${HEAD.slice(0, 7)}`, at: PUSHED - 9000 } as const;
    expect(judge([sticky]).state).toBe("done");
    expect(judge([{ ...sticky, text: `Reviewed commit ${OLD.slice(0, 7)}`, at: PUSHED + 9000 }]).state).toBe("silent");
    expect(judge([{ in: "comment", text: "Looks good" }]).state).toBe("done");
    expect(judge([{ in: "comment", text: "Looks good", at: PUSHED - 1 }]).state).toBe("silent");
    expect(judge([{ in: "comment", text: "Looks good" }], { headAt: null }).state).toBe("silent");
  });

  test("lets the latest signal about the head count, and of two at one moment the one that claims less", () => {
    const done = { in: "review", is: "commented", text: "Nice", sha: HEAD, at: PUSHED + 5000 } as const;
    const eyes = { in: "reaction", is: "eyes" } as const;
    expect(judge([{ ...eyes, at: PUSHED + 2000 }, done]).state).toBe("done");
    expect(judge([done, { ...eyes, at: PUSHED + 9000 }]).state).toBe("running");
    expect(judge([{ ...eyes, at: PUSHED + 5000 }, done]).state).toBe("running");
  });

  test("waits as long as it is asked for a review", () => {
    const done = { in: "review", is: "commented", text: "Nice", sha: HEAD } as const;
    expect(judge([done, { in: "request", at: null }]).state).toBe("running");
  });

  test("does not call a head unreviewed because a later wish for another review was refused", () => {
    const done = { in: "review", is: "commented", text: "Nice", sha: HEAD } as const;
    const refused = {
      in: "review",
      is: "commented",
      text: "I could not review it again",
      sha: HEAD,
      at: PUSHED + 9000,
    } as const;
    expect(judge([done, refused]).state).toBe("done");
    expect(judge([refused]).state).toBe("refused");
  });

  test("takes no person of the app's name for it, and no app's check by its name alone", () => {
    expect(judge([{ in: "review", is: "approved", by: "bot", sha: HEAD }])).toMatchObject({
      state: "silent",
      seen: false,
    });
    expect(judge([{ in: "check", is: "neutral", by: "bot-app", name: "anything", sha: HEAD }]).state).toBe("done");
  });

  test("takes fewer than seven digits, or what are none, for no commit", () => {
    const loose = { ...reviewer, signals: [{ in: "comment", head: "commit (\\w*)", means: "done" }] } as const;
    const stateOf = (text: string) => {
      const acts = [act({ in: "comment", text })];
      return judgeReviewer(loose, { head: HEAD, headAt: PUSHED, acts, partial: false }).state;
    };
    expect(["commit ", "commit aaa", "commit aaaaaaz"].map(stateOf)).toEqual(["silent", "silent", "silent"]);
    expect(stateOf("commit aaaaaaa")).toBe("done");
  });
});
