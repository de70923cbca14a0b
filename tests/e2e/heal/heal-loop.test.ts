// needs: gh
import { afterEach, expect, test } from "vitest";
import { eventually } from "../../helpers/p9.ts";
import { emptyLinear } from "../../servers/linear/data.ts";
import { type LinearServer, startLinear } from "../../servers/linear/server.ts";
import { type HealWorld, healWorld, UNTIL_GO } from "./world.ts";

let linear: LinearServer | undefined;
afterEach(() => linear?.close());

const POLICY =
  "ci_watch:\n  settle: 0\nci_heal:\n  escalation_channel:\n    linear_team: BRO\n  commands:\n    format: sh scripts/bump.sh\n";
const BUMP = { "scripts/bump.sh": "echo x >> src/a.js\n" };
const CODE_STYLE = [
  "Checking formatting...",
  "[warn] src/a.js",
  "[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
];
const SEGFAULT = ["thing: an unheard-of catastrophe", "Segmentation violation in module 7"];

async function failing(lines: string[], policy = POLICY): Promise<HealWorld> {
  return healWorld({
    files: BUMP,
    policy,
    change: { "src/a.js": "a\n" },
    jobs: [{ name: "check", command: "make check", scripted: () => ({ lines, exit: 1 }) }],
  });
}

function transitions(world: HealWorld): string[] {
  return world.user
    .events()
    .filter(({ type }) => type === "transition")
    .map(({ to_state }) => String(to_state));
}

test("a heal that does not help is stalled after two cycles and goes to a human, with one ticket", async () => {
  const data = emptyLinear();
  linear = await startLinear(data);
  const world = await failing(CODE_STYLE);
  const env = { ...world.env, LINEAR_API_KEY: linear.key, LINEAR_API_URL: linear.url };
  const first = await world.user.p9(["watch", "42", "--interval", "1"], { env, cwd: world.checkout });
  expect(first.code).toBe(10);
  await world.trust();
  const loop = await world.user.p9(["heal", "42", "--loop", "--json"], { env, cwd: world.checkout });
  expect(JSON.parse(loop.stdout)).toMatchObject({
    ended: "escalated",
    state: "ESCALATED",
    attempts: 2,
    heals: [{ did: "pushed" }, { did: "pushed" }, { did: "stalled" }],
  });
  expect(loop.code).toBe(10);
  expect(transitions(world).filter((state) => state === "HEALING")).toHaveLength(2);
  expect(data.issues).toHaveLength(1);
  expect(data.issues[0]).toMatchObject({ title: "[P9 ESCALATION] PR #42: feature/one", priority: 2 });
  expect(data.labels.map(({ name }) => name)).toEqual(["ci-heal-escalation"]);
  expect(data.issues[0]!.description).toContain("Code style issues");
});

test("an unknown failure of a background watch opens one ticket, and the same failure again updates it", async () => {
  const data = emptyLinear();
  linear = await startLinear(data);
  const world = await failing(SEGFAULT);
  const env = { ...world.env, LINEAR_API_KEY: linear.key, LINEAR_API_URL: linear.url };
  await world.user.p9(["watch", "42", "--background", "--interval", "1"], { env, cwd: world.checkout });
  await eventually("the ticket holds it", () => world.state() === "ESCALATED");
  expect(transitions(world)).toEqual(["PUSHED", "WATCHING", "RED_UNCLASSIFIED", "ESCALATED"]);
  expect(world.last().extra).toMatchObject({ outcome: "failed", escalation: { ticket: "BRO-1" } });
  world.push({ "src/a.js": "b\n" });
  await world.user.p9(["watch", "42", "--background", "--interval", "1"], { env, cwd: world.checkout });
  await eventually(
    "it is escalated again",
    () => transitions(world).filter((state) => state === "ESCALATED").length === 2,
  );
  expect(data.issues).toHaveLength(1);
  expect(data.comments).toHaveLength(1);
});

test("without a key the next action hands the agent the ticket, and an acknowledgement escalates", async () => {
  const world = await failing(SEGFAULT);
  await world.user.p9(["watch", "42", "--background", "--interval", "1"], { env: world.env, cwd: world.checkout });
  const list = () =>
    world.user.json<{ escalations: { id: string; state: string; title: string; body: string; label: string }[] }>(
      ["escalations", "list"],
      { cwd: world.checkout },
    );
  await eventually("it stands in the outbox", async () => (await list()).escalations.length === 1);
  const [entry] = (await list()).escalations;
  expect(entry).toMatchObject({
    state: "pending",
    title: "[P9 ESCALATION] PR #42: feature/one",
    label: "ci-heal-escalation",
  });
  const { reports } = await world.user.json<{ reports: { next_action: string; state: string }[] }>(
    ["report", "--pr", "42"],
    { env: world.env },
  );
  expect(reports[0]!.next_action).toMatch(
    /^Create a Linear issue in team BRO .*"\[P9 ESCALATION\] PR #42: feature\/one".*p9 escalations ack e[0-9a-f]{10} --ticket/,
  );
  expect((await world.user.p9(["escalations", "ack", "e0000000000", "--ticket", "X-1"])).code).toBe(3);
  const acked = await world.user.p9(["escalations", "ack", entry!.id, "--ticket", "BRO-77"]);
  expect(acked.code).toBe(0);
  expect(world.state()).toBe("ESCALATED");
  expect((await list()).escalations).toEqual([]);
});

test("the loop ends when the user speaks, and watching goes on", async () => {
  const world = await failing(CODE_STYLE, `${POLICY}  setup: ${UNTIL_GO}\n`);
  const env = { ...world.env, BROOMVA_P9_SESSION: "s1" };
  await world.user.p9(["watch", "42", "--interval", "1"], { env, cwd: world.checkout });
  await world.trust();
  const loop = world.user.start(["heal", "42", "--loop"], { env, cwd: world.checkout });
  await eventually("it heals", () => world.state() === "HEALING");
  const { Store } = await import("../../../src/store/store.ts");
  const { systemClock } = await import("../../../src/base/clock.ts");
  await Store.open(world.user.home, { clock: systemClock }).commit(() => [
    { type: "heal.stop", session_id: "s1", reason: "user" },
  ]);
  world.go();
  const ended = await loop.ended;
  expect(ended.stdout).toContain("ended stopped");
  expect(transitions(world).filter((state) => state === "HEALING")).toHaveLength(1);
  await eventually("the watch goes on to its verdict", () => world.state() === "RED_CLASSIFIED");
});
