// needs: gh
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import github from "../../../../plugins/wait-kinds/providers/github/github.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import { run } from "../../../../src/process/exec.ts";
import type { TargetLook, Values } from "../../../../src/provider.ts";
import {
  type EnvironmentPlan,
  type GitHub,
  type Hole,
  type ManualClock,
  manualClock,
  shaOf,
  startGitHub,
} from "../../../servers/github/mod.ts";
import { pagesVendor } from "../../../servers/vendors/cloudflare.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { startDeployVendor } from "../../../servers/vendors/world.ts";
import { asker } from "./asking.ts";
import { lookContext } from "./looking.ts";

const SHA = shaOf("ours");
let server: GitHub;
let clock: ManualClock;
let context: LookContext;

beforeEach(async () => {
  clock = manualClock();
  server = await startGitHub({ clock });
  server.world.repo("octo/app").push("main", "ours");
  context = contextWith({});
});
afterEach(() => server.stop());

function contextWith(env: Record<string, string>, config = {}): LookContext {
  const all = { PATH: process.env.PATH, ...server.env, ...env };
  const client = createGitHub({ exec: run, env: all, clock });
  return lookContext(asker(all, { github: client, repo: "octo/app", now: () => clock.now(), config }));
}

const look = (more: Values = {}): Promise<TargetLook> => github.look({ sha: SHA, ...more }, context);
const repo = () => server.world.repo("octo/app");
const deploy = (environment: string, ...states: [number, string][]) =>
  repo().deploy("ours", { environment, states, creator: "vercel[bot]" });

describe("GitHub's deployments of a commit, through the real gh", () => {
  it("waits while nothing is reported", async () => {
    expect(await look()).toMatchObject({ status: "waiting", reason: expect.stringContaining("no deployment") });
  });

  it.each([
    ["QUEUED", "waiting"],
    ["PENDING", "waiting"],
    ["IN_PROGRESS", "running"],
    ["SUCCESS", "succeeded"],
    ["FAILURE", "failed"],
    ["ERROR", "failed"],
    ["WAITING", "waiting"],
    ["INACTIVE", "superseded"],
  ])("reads %s as %s", async (state, status) => {
    deploy("Production", [0, state]);
    expect(await look()).toMatchObject({ status, unknown: [] });
  });

  it("counts a deployment without any status as queued", async () => {
    deploy("Production", [60, "IN_PROGRESS"]);
    expect((await look()).status).toBe("waiting");
  });

  it("sees a production deploy that was replaced as superseded, and a preview that was as succeeded", async () => {
    deploy("Production", [0, "SUCCESS"], [5, "INACTIVE"]);
    clock.advance(10);
    expect(await look()).toMatchObject({ status: "superseded", reason: expect.stringContaining("replaced") });
    expect(await look({ environment: "preview" })).toMatchObject({ status: "waiting" });
    deploy("Preview – web", [0, "SUCCESS"], [5, "INACTIVE"]);
    clock.advance(10);
    expect(await look({ environment: "preview" })).toMatchObject({ status: "succeeded" });
  });

  it("takes several deploys of one commit for one wait, and fails with the first that fails", async () => {
    deploy("Preview", [0, "SUCCESS"]);
    deploy("Production", [0, "IN_PROGRESS"], [60, "FAILURE"]);
    expect(await look()).toMatchObject({
      status: "running",
      progress: { done: 1, total: 2 },
      items: [{ state: "succeeded" }, { state: "running" }],
    });
    clock.advance(61);
    expect(await look()).toMatchObject({ status: "failed", reason: expect.stringContaining("Production") });
  });

  it("sees every one of many environments, the first that failed too", async () => {
    deploy("shop 0", [0, "FAILURE"]);
    for (let nth = 1; nth <= 130; nth += 1) deploy(`shop ${nth}`, [0, "SUCCESS"]);
    expect(await look()).toMatchObject({ status: "failed", reason: expect.stringContaining('"shop 0"') });
  });

  it("looks at one environment when one was asked for", async () => {
    deploy("Preview", [0, "SUCCESS"]);
    deploy("Production", [0, "FAILURE"]);
    expect((await look({ environment: "preview" })).status).toBe("succeeded");
    expect((await look({ environment: "Production" })).status).toBe("failed");
    expect((await look({ environment: "staging" })).status).toBe("waiting");
  });

  it("looks at one deployment when its number was given", async () => {
    const { id } = deploy("Production", [0, "FAILURE"]);
    deploy("Production", [0, "SUCCESS"]);
    expect((await look({ deployment: `${id}` })).status).toBe("failed");
  });

  it("counts only the newest deployment of the commit to an environment", async () => {
    deploy("Production", [0, "FAILURE"]);
    clock.advance(5);
    deploy("Production", [0, "SUCCESS"]);
    expect(await look()).toMatchObject({ status: "succeeded", items: [{ state: "succeeded" }] });
  });

  it("does not take a second push's deployment for its own", async () => {
    deploy("Production", [0, "IN_PROGRESS"]);
    repo().deploy("theirs", { environment: "Production", states: [[0, "SUCCESS"]], creator: "vercel[bot]" });
    expect((await look()).status).toBe("running");
  });

  it("counts a state that GitHub does not have today as running and names it", async () => {
    deploy("Production", [0, "QUEUED"]);
    const strange = {
      ...context.github,
      repository: async () => ({
        problems: [],
        data: {
          commit: { deployments: { nodes: [{ environment: "Production", latestStatus: { state: "LEVITATING" } }] } },
        },
      }),
    };
    expect(await github.look({ sha: SHA }, { ...context, github: strange })).toMatchObject({
      status: "running",
      unknown: ['GitHub state "LEVITATING" of "Production"'],
    });
  });

  describe("a deployment that waits at its environment", () => {
    function waits(environment: EnvironmentPlan): void {
      const run = repo()
        .commit("ours")
        .run({ event: "push", workflow: "Release", jobs: [{ name: "deploy", environment }] });
      const logUrl = `https://github.com/octo/app/actions/runs/${run.runId}/job/1`;
      repo().deploy("ours", { environment: environment.name, states: [[0, "WAITING"]], logUrl });
    }

    it.each([
      [
        "a reviewer",
        { reviewers: ["ada"] },
        "blocked",
        'a reviewer of the environment "Production" must approve it (ada)',
      ],
      ["a wait timer", { waitTimer: 30 }, "waiting", 'the wait timer of the environment "Production" runs (30 min)'],
      ["an app", { customRule: "gate" }, "waiting", "deployment protection rule"],
    ])("for %s", async (_, held, status, says) => {
      waits({ name: "Production", ...held });
      expect(await look()).toMatchObject({ status, reason: expect.stringContaining(says) });
    });

    it("and names no run: it waits for a rule", async () => {
      deploy("Production", [0, "WAITING"]);
      expect(await look()).toMatchObject({
        status: "waiting",
        reason: expect.stringContaining('a deployment protection rule of the environment "Production" decides'),
      });
    });
  });

  describe("a deploy is over when the run that deploys is over", () => {
    function deployed(ends: number, conclusion = "SUCCESS", ...environments: string[]): void {
      const jobs = [{ name: "deploy" }, { name: "smoke", ends, conclusion }];
      const run = repo().commit("ours").run({ event: "push", workflow: "Release", jobs });
      const logUrl = `https://github.com/octo/app/actions/runs/${run.runId}/job/1`;
      for (const environment of environments) {
        repo().deploy("ours", { environment, states: [[0, "SUCCESS"]], logUrl, creator: "github-actions[bot]" });
      }
    }

    it("goes on while it does, and says why", async () => {
      deployed(120, "SUCCESS", "Production");
      expect(await look()).toMatchObject({
        status: "running",
        reason: expect.stringContaining('the run "Release" that deploys goes on'),
      });
      clock.advance(121);
      expect(await look()).toMatchObject({ status: "succeeded" });
    });

    it("goes on while the last of many does", async () => {
      for (const name of ["a", "b", "c", "d", "e"]) deployed(name === "e" ? 120 : 0, "SUCCESS", name);
      expect(await look()).toMatchObject({ status: "running" });
    });

    it("tells that the run ended badly after it had deployed", async () => {
      deployed(0, "FAILURE", "Production");
      expect(await look()).toMatchObject({
        status: "succeeded",
        note: 'It was deployed; the run "Release" that deploys ended with failure',
      });
    });

    it("counts every deployment that one run makes to an environment", async () => {
      deployed(0, "SUCCESS", "Production");
      const [run] = repo().commit("ours").suites;
      const logUrl = `https://github.com/octo/app/actions/runs/${run?.runId}/job/2`;
      clock.advance(1);
      const more = { environment: "Production", logUrl, creator: "github-actions[bot]" };
      repo().deploy("ours", { ...more, states: [[0, "FAILURE"]] });
      clock.advance(1);
      repo().deploy("ours", { ...more, states: [[0, "SUCCESS"]] });
      expect((await look()).status).toBe("failed");
    });
  });

  it("believes success only after nothing new has appeared for half a minute", async () => {
    deploy("Preview", [0, "SUCCESS"]);
    const born = clock.now();
    clock.advance(10);
    expect((await look()).settle).toEqual({ looks: 2, notBefore: born + 30_000 });
    deploy("Production", [0, "SUCCESS"]);
    const later = clock.now();
    clock.advance(1);
    expect((await look()).settle).toEqual({ looks: 2, notBefore: later + 30_000 });
    expect((await look()).settle).toEqual({ looks: 2, notBefore: later + 30_000 });
  });
});

describe("deploy services on GitHub without their tokens", () => {
  const status = (context: string, state: string, more = {}) =>
    repo()
      .commit("ours")
      .status({ context, states: [[0, state]], ...more });

  it("reads Vercel's and Netlify's statuses, and leaves CI's checks and comments alone", async () => {
    const commit = repo().commit("ours");
    commit.checks(
      { name: "lint", conclusion: "FAILURE" },
      { name: "Vercel Preview Comments", app: "vercel", conclusion: "FAILURE" },
    );
    status("ci/circleci", "FAILURE");
    expect((await look()).status).toBe("waiting");
    status("Vercel", "PENDING");
    status("netlify/web/deploy-preview", "SUCCESS");
    expect(await look()).toMatchObject({
      status: "running",
      items: [{ name: "Vercel" }, { name: "netlify/web/deploy-preview" }],
    });
  });

  it("reads Cloudflare's check runs", async () => {
    repo().commit("ours").checks({
      name: "Cloudflare Pages",
      app: "cloudflare-workers-and-pages",
      starts: 0,
      ends: 20,
      conclusion: "SUCCESS",
    });
    expect((await look()).status).toBe("running");
    clock.advance(21);
    expect((await look()).status).toBe("succeeded");
  });

  it("finds an item on the third page", async () => {
    const commit = repo().commit("ours");
    commit.checks(...Array.from({ length: 250 }, (_, nth) => `check ${nth}`));
    status("Vercel", "FAILURE");
    expect((await look()).status).toBe("failed");
  });

  it("is blocked, and no failure of the code, by a plan's limit", async () => {
    status("Vercel", "FAILURE", {
      targetUrl: "https://vercel.com/acme?upgradeToPro=build-rate-limit",
      description: "Deployment rate limited",
    });
    expect(await look()).toMatchObject({ status: "blocked", reason: expect.stringContaining("rate limited") });
  });

  it("is blocked by an app that fails in the very moment in which it starts", async () => {
    repo().commit("ours").checks({
      name: "Workers Builds: old",
      app: "cloudflare-workers-and-pages",
      starts: 3,
      ends: 3,
      conclusion: "FAILURE",
    });
    clock.advance(5);
    expect((await look()).status).toBe("blocked");
  });

  it.each(["Canceled by Ignored Build Step", "Skipped - Not affected"])("is skipped by %s", async (description) => {
    status("Vercel", "SUCCESS", { description });
    expect((await look()).status).toBe("skipped");
  });

  it("is skipped by an ignored build step that shows as a failure", async () => {
    status("Vercel", "FAILURE", { description: "Canceled by Ignored Build Step" });
    expect((await look()).status).toBe("skipped");
  });

  it("is cancelled when the service says so", async () => {
    status("Vercel", "FAILURE", { description: "Canceled from the Vercel Dashboard" });
    expect((await look()).status).toBe("cancelled");
  });

  it("takes what the policy names as a deploy, too", async () => {
    context = contextWith({}, { providers: { github: { items: ["^deploy to "] } } });
    repo().commit("ours").checks({ name: "Deploy to staging", conclusion: "FAILURE", summary: "error: no space left" });
    expect(await look()).toMatchObject({
      status: "failed",
      evidence: [{ job: "Deploy to staging", text: "error: no space left" }],
    });
  });

  it("brings the vendor's own log lines when its token is at hand", async () => {
    const vendor = await startDeployVendor(vercelVendor);
    vendor.world.items.push({ id: vercelVendor.ids[0], sha: SHA, state: "ERROR", at: clock.now() });
    vendor.world.log = ["building", "Error: cannot find module './x'"];
    context = contextWith(vercelVendor.env(vendor.url));
    repo().deploy("ours", {
      environment: "Production",
      creator: "vercel[bot]",
      states: [[0, "FAILURE"]],
      environmentUrl: "https://web-aa1bb2cc.vercel.app",
    });
    const { evidence = [] } = await look();
    expect(evidence[0]).toMatchObject({ job: "Vercel", text: "Error: cannot find module './x'" });
    await vendor.close();
  });

  it("finds Cloudflare's deployment by the check run's external id", async () => {
    const vendor = await startDeployVendor(pagesVendor);
    vendor.world.items.push({ id: pagesVendor.ids[0], sha: SHA, state: "build:failure", at: clock.now() });
    vendor.world.log = ["npm ERR! code ELIFECYCLE"];
    context = contextWith(pagesVendor.env(vendor.url));
    repo().commit("ours").checks({
      name: "Cloudflare Pages",
      app: "cloudflare-workers-and-pages",
      starts: 0,
      ends: 9,
      conclusion: "FAILURE",
      externalId: pagesVendor.ids[0],
    });
    clock.advance(10);
    expect((await look()).evidence?.[0]).toMatchObject({ job: "Cloudflare Pages", text: "npm ERR! code ELIFECYCLE" });
    await vendor.close();
  });

  it("tells what GitHub shows when the vendor's log cannot be read", async () => {
    context = contextWith({ VERCEL_API_URL: "http://127.0.0.1:1", VERCEL_TOKEN: "t", VERCEL_PROJECT_ID: "p" });
    repo().deploy("ours", {
      environment: "Production",
      creator: "vercel[bot]",
      states: [[0, "FAILURE"]],
      environmentUrl: "https://web-x.vercel.app",
      description: "Build failed",
    });
    const texts = ((await look()).evidence ?? []).map(({ text }) => text);
    expect(texts[0]).toContain("could not be read");
    expect(texts).toContain("Build failed");
  });
});

describe("a hole is no verdict", () => {
  it.each<[string, Hole]>([
    ["the deployments", { field: "Commit.deployments", what: "SERVICE_UNAVAILABLE" }],
    ["one of them", { field: "Commit.deployments", what: "SERVICE_UNAVAILABLE", node: 0 }],
    ["the checks", { field: "StatusCheckRollup.contexts", what: "RESOURCE_LIMITS_EXCEEDED" }],
    ["a later page of them", { field: "StatusCheckRollup.contexts", what: "SERVICE_UNAVAILABLE", page: 2 }],
  ])("%s", async (_, hole) => {
    deploy("Production", [0, "SUCCESS"]);
    repo()
      .commit("ours")
      .checks(...Array.from({ length: 150 }, (_item, nth) => `check ${nth}`));
    server.world.hole(hole);
    await expect(look()).rejects.toMatchObject({ problem: "partial" });
  });

  it("but what was seen failing fails", async () => {
    deploy("Production", [0, "FAILURE"]);
    repo().commit("ours").checks("lint");
    server.world.hole({ field: "StatusCheckRollup.contexts", what: "SERVICE_UNAVAILABLE" });
    expect((await look()).status).toBe("failed");
  });
});

describe("what stands between p9 and GitHub", () => {
  it.each([
    ["a 502", () => server.world.fault({ kind: "502", times: 1 }), {}],
    [
      "being logged out",
      () => {
        server.world.viewer = null;
      },
      { needs: expect.stringContaining("login") },
    ],
    [
      "a token that may not read deployments",
      () => {
        server.world.permissions.deployments = false;
      },
      { lasting: true, needs: expect.stringContaining("Deployments: read") },
    ],
  ] as const)("is an observation error, no result: %s", async (_what, spoil, shape) => {
    spoil();
    await expect(look()).rejects.toMatchObject(shape);
  });

  it("reads what the token may read when deployments are hidden", async () => {
    server.world.permissions.deployments = false;
    repo()
      .commit("ours")
      .status({ context: "Vercel", states: [[0, "SUCCESS"]] });
    expect((await look()).status).toBe("succeeded");
  });

  it("asks for the repository when it is unknown", async () => {
    await expect(github.look({ sha: SHA }, { ...context, repo: null })).rejects.toMatchObject({
      needs: expect.stringContaining("--repo"),
    });
  });
});
