// needs: gh
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { signalProcess } from "../../../../src/process/exec.ts";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import type { Fault } from "../../../servers/github/mod.ts";
import { type PrLab, prLab, type Report } from "../../pr-lab.ts";

/** What starting and ending a p9 takes on this machine now. */
async function startupMs(box: Sandbox): Promise<number> {
  const before = performance.now();
  await box.p9(["status"]);
  return performance.now() - before;
}

/**
 * Runs a watch and says how much later than `limitS` it ended, in ms, beside what any command takes. On a machine that has much
 * to do, what takes a moment takes three times as long as the command before.
 */
async function timed(
  box: Sandbox,
  args: readonly string[],
  limitS: number,
  env: Record<string, string> = {},
  usualMs?: number,
) {
  const usualBefore = usualMs ?? (await startupMs(box));
  const before = performance.now();
  const end = await box.p9(["watch", ...args, "--json"], { env });
  const took = performance.now() - before;
  const usual = Math.max(usualBefore, await startupMs(box));
  const late = took - limitS * 1000 - 4 * usual;
  return { ...end, took, late, report: JSON.parse(end.stdout || "null") as Report | null };
}

/** A gh in front of the real one that takes its time, whatever signal it gets. */
function hangingGh(box: Sandbox): Record<string, string> {
  const bin = join(box.dir, "bin");
  mkdirSync(bin);
  const script = "#!/bin/sh\ntrap '' TERM INT\nsleep 60 &\nwait\nsleep 60\n";
  writeFileSync(join(bin, "gh"), script, { mode: 0o755 });
  return { PATH: `${bin}:${box.env.PATH}` };
}

// Whether a watch is late does not depend on the machine, how late a machine with much to do answers does: one of three must be on time.
const LATE = { retry: 2, timeout: 120_000 };

const LIMIT_S = 3;
/** What stands between a watch and its verdict; some of it is a variable. */
const TROUBLE: Record<string, (lab: PrLab) => Record<string, string> | undefined> = {
  "it settles for two minutes": ({ box }) => {
    const watch = "ci_watch:\n  max_concurrent_prs: 9\n  settle: 120\n";
    box.write(".control/policy.yaml", `${watch}ci_heal:\n  enabled: false\n`);
    return undefined;
  },
  "gh hangs and ignores signals": ({ box }) => hangingGh(box),
  "the rate limit is used up for an hour": ({ github }) => {
    github.world.rate.exhaust(3600);
    return undefined;
  },
  "GitHub asks to wait ten minutes": faulty({ kind: "secondary", retryAfter: 600 }),
  "GitHub never answers": faulty({ kind: "hang" }),
  "GitHub cannot be reached": faulty({ kind: "drop" }),
  "GitHub has a problem of its own": faulty({ kind: "502" }),
};

function faulty(fault: Fault): (lab: PrLab) => undefined {
  return ({ github }) => {
    github.world.fault(fault);
    return undefined;
  };
}

for (const [why, make] of Object.entries(TROUBLE)) {
  test(`a watch ends at its deadline and a slice at its own when ${why}`, LATE, async () => {
    const lab = await prLab();
    onTestFinished(() => lab.github.stop());
    for (const number of [42, 43]) lab.repo.pull(number).head.checks("build");
    const env = { ...lab.env, ...make(lab) };
    const usual = await startupMs(lab.box);
    const [slice, watch] = await Promise.all(
      [
        ["42", "--slice", String(LIMIT_S)],
        ["43", "--timeout", String(LIMIT_S)],
      ].map((args) => timed(lab.box, args, LIMIT_S, env, usual)),
    );
    expect(slice?.code).toBe(8);
    expect(slice?.late).toBeLessThan(1000);
    expect(watch).toMatchObject({ code: 12, report: { state: "ABANDONED", outcome: "timed_out" } });
    expect(watch?.late).toBeLessThan(1000);
    expect(watch?.took).toBeGreaterThan(LIMIT_S * 1000);
  });
}

test(
  "trouble in mid-watch does not move the deadline, and the ending says what was seen last and what failed",
  LATE,
  async () => {
    const { github, box, env, repo } = await prLab();
    onTestFinished(() => github.stop());
    repo.require({ required: ["build", "e2e"] });
    repo.pull(42).head.checks("build");
    github.world.at(5, () => github.world.rate.exhaust(3600));
    const { code, late, report } = await timed(box, ["42", "--timeout", "11", "--interval", "2"], 11, env);
    expect(code).toBe(12);
    expect(late).toBeLessThan(1000);
    expect(report?.reason).toMatch(
      /did not end within 11 s; last seen: Waiting for "e2e" to report; the last look failed/,
    );
    expect(report?.reason).toMatch(/rate limit is used up/);
  },
);

test("the ending says that the rules cannot be read", LATE, async () => {
  const { github, box, env, repo } = await prLab();
  onTestFinished(() => github.stop());
  Object.assign(github.world.permissions, { rulesets: false, protection: false, branches: false });
  repo.pull(42).head.checks("build", { name: "e2e", ends: null });
  const { report } = await timed(box, ["42", "--timeout", "6"], 6, env);
  expect(report?.reason).toMatch(/waiting for "e2e"; The rules of "main" cannot be read/i);
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

test("a URL that fails, and one that never answers", LATE, async () => {
  const box = sandbox();
  const failing = await listen(createServer((_, response) => response.writeHead(503).end()));
  const failed = await timed(box, ["http", failing, "--timeout", "4"], 4);
  expect(failed).toMatchObject({ code: 12, report: { reason: expect.stringMatching(/last seen: .*HTTP 503/) } });
  expect(failed.late).toBeLessThan(1000);
  const hanging = await listen(createServer(() => {}));
  const hung = await timed(box, ["http", hanging, "--timeout", "4"], 4);
  expect(hung).toMatchObject({ code: 12, report: { reason: expect.stringMatching(/looking got no answer in time/) } });
  expect(hung.late).toBeLessThan(1000);
  const slice = await timed(box, ["http", `${hanging}?again`, "--slice", "2"], 2);
  expect(slice.code).toBe(8);
  expect(slice.late).toBeLessThan(1000);
});

test("a command that is asked, hangs and ignores signals", LATE, async () => {
  const box = sandbox();
  const cmd = "trap '' TERM; echo $$ > asked.pid; sleep 30 & wait; sleep 30";
  const { code, late } = await timed(box, ["command", "x", "--cmd", cmd, "--timeout", "2"], 2);
  expect(code).toBe(12);
  expect(late).toBeLessThan(1000);
  const pid = Number(readFileSync(join(box.work, "asked.pid"), "utf8"));
  await eventually("what was asked is gone too", () => !signalProcess(pid, 0), 5000);
});

test(
  "a build that ignores TERM is killed two seconds after the deadline, whether p9 is still there or not",
  LATE,
  async () => {
    const box = sandbox();
    const build = ["sh", "-c", "trap '' TERM; echo $$ > build.pid; sleep 30 & wait; sleep 30"];
    const usual = await startupMs(box);
    const before = performance.now();
    const { code, stdout } = await box.p9(["watch", "build", "--timeout", "3", "--json", "--", ...build]);
    expect(performance.now() - before - 3000 - 4 * usual).toBeLessThan(1000);
    expect(code).toBe(12);
    expect(JSON.parse(stdout).reason).toMatch(/did not end within 3 s; last seen: .*runs/);
    const pid = Number(readFileSync(join(box.work, "build.pid"), "utf8"));
    await eventually("the build is gone", () => !signalProcess(pid, 0), 6000);
  },
);

test("a build that ends on TERM has the time to do so", LATE, async () => {
  const box = sandbox();
  const build = ["sh", "-c", "trap 'sleep 1; echo tidy > tidied; exit 3' TERM; while :; do sleep 0.1; done"];
  await box.p9(["watch", "build", "--timeout", "2", "--", ...build]);
  await eventually("it has tidied up", () => existsSync(join(box.work, "tidied")), 6000);
});

test("TERM ends a foreground watch at once, also while gh hangs", LATE, async () => {
  const { github, box, env, repo } = await prLab();
  onTestFinished(() => github.stop());
  repo.pull(42).head.checks({ name: "build", ends: null });
  const watch = box.start(["watch", "42", "--interval", "1"], { env });
  await eventually("it was looked at", () => github.seen.length > 1);
  github.world.fault({ kind: "hang" });
  await eventually("a look hangs", async () => {
    const before = github.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return github.seen.length === before;
  });
  const before = performance.now();
  watch.kill("SIGTERM");
  expect((await watch.ended).code).toBe(14);
  expect(performance.now() - before).toBeLessThan(1500);
});

test("in the background a look that hangs holds up no other wait's deadline, and not its own", LATE, async () => {
  const { github, box, env, repo, policy } = await prLab();
  onTestFinished(() => github.stop());
  policy();
  for (const number of [1, 2]) repo.pull(number).head.checks({ name: "build", ends: null });
  const hanging = await listen(createServer(() => {}));
  await box.p9(["watch", "http", hanging, "--background", "--timeout", "40"], { env });
  // A deadline counts from the command's start.
  const asked: Record<string, number> = { 1: Date.now() };
  await box.p9(["watch", "1", "--background", "--timeout", "6"], { env });
  asked[2] = Date.now();
  await box.p9(["watch", "2", "--background", "--timeout", "8"], { env });
  github.world.fault({ kind: "hang", after: 2 });
  const ends = () =>
    box.events().flatMap((event) => {
      const { type, to_state, pr, extra } = event as { type: string; to_state: string; pr: number; extra: Extra };
      return type === "transition" && to_state === "ABANDONED" ? [{ pr, at: extra.decided_at, extra }] : [];
    });
  await eventually("both have ended", () => ends().length === 2, 20_000);
  for (const { pr, at, extra } of ends()) {
    const registered = box.events().find((event) => event.type === "transition" && event.pr === pr)?.ts;
    expect(extra.outcome).toBe("timed_out");
    // Time stamps have whole seconds.
    expect((at - Date.parse(String(registered))) / 1000).toBeLessThan(extra.deadline + 2);
    expect((at - (asked[pr] ?? 0)) / 1000).toBeGreaterThanOrEqual(extra.deadline);
  }
});

interface Extra {
  readonly decided_at: number;
  readonly deadline: number;
  readonly outcome: string;
}
