import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { type LoadedPolicy, loadPolicy } from "../../src/config/load.ts";
import type { Wait } from "../../src/core/wait.ts";
import { acknowledge, escalate, flush } from "../../src/escalate/escalate.ts";
import { readOutbox } from "../../src/escalate/outbox.ts";
import { escalationBody, escalationTitle } from "../../src/escalate/text.ts";
import { Store } from "../../src/store/store.ts";
import { emptyLinear, type LinearData } from "../servers/linear/data.ts";
import { type LinearServer, startLinear } from "../servers/linear/server.ts";

let dir: string;
let store: Store;
let policy: LoadedPolicy;
let data: LinearData;
let linear: LinearServer;
let now: number;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "p9-escalate-"));
  mkdirSync(join(dir, ".control"));
  writeFileSync(
    join(dir, ".control", "policy.yaml"),
    "ci_watch: {}\nci_heal:\n  escalation_channel:\n    linear_team: BRO\n",
  );
  store = Store.open(join(dir, "home"), { clock: systemClock });
  policy = await loadPolicy({ env: {}, cwd: dir, home: store.home });
  data = emptyLinear();
  linear = await startLinear(data);
  now = Date.parse("2026-11-20T10:00:00Z");
});
afterEach(async () => {
  chmodSync(dir, 0o700);
  await linear.close();
  rmSync(dir, { recursive: true, force: true });
});

const deps = (env: Record<string, string> = { LINEAR_API_KEY: linear.key, LINEAR_API_URL: linear.url }) => ({
  store,
  env,
  now: () => now,
});

/** A red pull request in the log. */
async function red(signature: string, pr = 42): Promise<Wait> {
  const row = {
    type: "transition",
    kind: "pr-ci",
    ref: `#${pr}`,
    pr,
    repo: "octo/app",
    sha: "a".repeat(40),
    watcher_id: "w",
    attempt: 1,
    evaluator_score: null,
    session_id: "s",
    wait_id: `w${pr}${signature}`,
  } as const;
  const classification = {
    failure_type: "unclassified",
    signature_hash: signature,
    rationale: "no rubric pattern matched",
    history: "new",
  };
  const evidence = [
    {
      job: "test",
      file: "src/a.ts",
      line: 3,
      text: `boom \`\`\` </details> [x](http://evil) ghp_${"A1b2".repeat(9)}`,
      url: "https://github.com/octo/app/actions/runs/1",
    },
  ];
  await store.commit(() => [
    { ...row, from_state: null, to_state: "PUSHED", extra: {} },
    { ...row, from_state: "PUSHED", to_state: "WATCHING", extra: {} },
    {
      ...row,
      from_state: "WATCHING",
      to_state: "RED_UNCLASSIFIED",
      extra: { outcome: "failed", slow: true, classification, evidence, pin: { identity: { branch: "feature/x" } } },
    },
  ]);
  return store.find(row.wait_id)!;
}

test("one ticket per repository and signature: the second failure comments on the first, another signature opens its own", async () => {
  const first = await escalate(await red("aaaa"), "It failed", policy, deps());
  expect(first).toMatchObject({ state: "filed", ticket: "BRO-1", count: 1 });
  await escalate(await red("aaaa", 43), "It failed", policy, deps());
  await escalate(await red("bbbb", 44), "It failed", policy, deps());
  expect(data.issues.map(({ title }) => title)).toEqual([
    "[P9 ESCALATION] PR #42: feature/x",
    "[P9 ESCALATION] PR #44: feature/x",
  ]);
  expect(data.comments).toHaveLength(1);
  expect(store.find("w42aaaa")).toMatchObject({
    state: "ESCALATED",
    extra: { outcome: "failed", slow: true, escalation: { ticket: "BRO-1" } },
  });
});

test("a lost outbox makes no second ticket, and a closed ticket makes a new one", async () => {
  await escalate(await red("aaaa"), "It failed", policy, deps());
  rmSync(store.paths.escalations);
  await escalate(await red("aaaa", 43), "It failed", policy, deps());
  expect(data.issues).toHaveLength(1);
  data.issues[0]!.stateId = "state-completed";
  await escalate(await red("aaaa", 45), "It failed", policy, deps());
  expect(data.issues).toHaveLength(2);
});

test("what Linear does not take stays in the outbox with the reason, and flush files it", async () => {
  linear.failNext.push("rate");
  const pending = await escalate(await red("aaaa"), "It failed", policy, deps());
  expect(pending).toMatchObject({ state: "pending", problem: expect.stringContaining("Rate limit") });
  expect(store.find("w42aaaa")?.state).toBe("RED_UNCLASSIFIED");
  expect((await flush(deps())).map(({ state, ticket }) => [state, ticket])).toEqual([["filed", "BRO-1"]]);
  expect(store.find("w42aaaa")?.state).toBe("ESCALATED");
});

test("a wrong key, a connection that drops and an unknown team are said, and nothing is lost", async () => {
  const wait = await red("aaaa");
  expect(
    (await escalate(wait, "It failed", policy, deps({ LINEAR_API_KEY: "wrong", LINEAR_API_URL: linear.url })))?.problem,
  ).toContain("LINEAR_API_KEY");
  linear.failNext.push("drop");
  expect((await escalate(wait, "It failed", policy, deps()))?.problem).toContain("Cannot reach");
  data.teams[0]!.key = "OTHER";
  expect((await escalate(wait, "It failed", policy, deps()))?.problem).toContain('no team "BRO"');
  expect(readOutbox(store.paths)).toMatchObject([{ state: "pending", count: 3 }]);
});

test("nobody acknowledged it for a day: it is raised as urgent; an acknowledged one is not", async () => {
  await escalate(await red("aaaa"), "It failed", policy, deps());
  expect(await flush(deps())).toEqual([]);
  now += 25 * 3_600_000;
  expect(await flush(deps())).toMatchObject([{ severity: "urgent" }]);
  expect(data.issues[0]).toMatchObject({ priority: 1 });
  await acknowledge(readOutbox(store.paths)[0]!.id, null, deps());
  now += 25 * 3_600_000;
  expect(await flush(deps())).toEqual([]);
});

test("when neither the outbox nor Linear takes it, it dies loudly with the text", async () => {
  const wait = await red("aaaa");
  const error = (await escalate(wait, "It failed", policy, {
    ...deps({ LINEAR_API_KEY: linear.key, LINEAR_API_URL: "http://127.0.0.1:9/graphql" }),
    store: unwritable(store),
  }).catch((thrown: unknown) => thrown)) as Error & { exitCode: number; events: { body: string }[] };
  expect(error.exitCode).toBe(99);
  expect(error.events[0]!.body).toContain("src/a.ts:3");
});

test("when only the outbox fails, Linear still takes it", async () => {
  expect(await escalate(await red("aaaa"), "It failed", policy, { ...deps(), store: unwritable(store) })).toMatchObject(
    { state: "filed", ticket: "BRO-1" },
  );
});

test("without a channel nothing is escalated", async () => {
  const none = { ...policy, ci_heal: { ...policy.ci_heal, escalation_channel: null } };
  expect(await escalate(await red("aaaa"), "It failed", none, deps())).toBeNull();
  expect(data.issues).toEqual([]);
});

test("outside text is quoted, redacted and clipped in what reaches the ticket", async () => {
  const body = escalationBody(await red("aaaa"), "It failed");
  expect(body).not.toContain("ghp_");
  expect(body.split("\n").find((line) => line.includes("boom"))).toMatch(/^ {4}\[test\] src\/a\.ts:3: boom/);
  expect(escalationTitle(42, `\u001b[31m$(rm -rf /)\u202e${"x".repeat(500)}`)).toMatch(
    /^\[P9 ESCALATION\] PR #42: \$\(rm -rf \/\)x+…$/,
  );
});

test("rows of the outbox that are broken are passed over", async () => {
  await escalate(await red("aaaa"), "It failed", policy, deps());
  writeFileSync(store.paths.escalations, `${readFileSync(store.paths.escalations, "utf8")}garbage\n{}\n{"id":5}\n`);
  expect(readOutbox(store.paths)).toHaveLength(1);
});

/** A store whose outbox cannot be written: its path is a directory. */
function unwritable(real: Store): Store {
  mkdirSync(join(dir, "home", "blocked"), { recursive: true });
  const paths = { ...real.paths, escalations: join(dir, "home", "blocked") };
  return new Proxy(real, {
    get: (target, name) =>
      name === "paths"
        ? paths
        : typeof Reflect.get(target, name) === "function"
          ? (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target)
          : Reflect.get(target, name),
  });
}
