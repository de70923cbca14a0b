// needs: time, gh
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import build from "../../plugins/wait-kinds/build.ts";
import command from "../../plugins/wait-kinds/command.ts";
import http from "../../plugins/wait-kinds/http.ts";
import prCi from "../../plugins/wait-kinds/pr-ci.ts";
import { systemClock } from "../../src/base/clock.ts";
import { waitKindChecks } from "../../src/conformance/wait-kind.ts";
import type { WaitRequest } from "../../src/plugin.ts";
import { setUp } from "../github/ask.ts";
import { startReceiver } from "../plugins/notifiers/receiver.ts";
import { conformanceWorld, expectConformance } from "./world.ts";

const request = (more: Partial<WaitRequest>): WaitRequest => ({
  ref: null,
  argv: [],
  options: {},
  network: true,
  ...more,
});
const BEGINS_NOTHING = ["ends what it began, also twice"];

describe("the wait kind command passes the suite", () => {
  test.each([
    ["not yet", 1],
    ["done", 0],
    ["failed", 3],
  ])("while its command says %s", async (_, code) => {
    const world = conformanceWorld();
    const asked = request({ ref: "job", options: { cmd: `echo '{"state":"x"}'; exit ${code}` } });
    const subject = { kind: command, request: asked, context: () => world.context(), folders: world.folders };
    await expectConformance(waitKindChecks(subject), BEGINS_NOTHING);
  });
});

describe("the wait kind build passes the suite", () => {
  test.each([
    ["runs", "sleep 60"],
    ["went well", "true"],
    ["failed", "exit 3"],
  ])("while the build %s", async (_, line) => {
    const world = conformanceWorld();
    const asked = request({ argv: ["sh", "-c", line] });
    const subject = { kind: build, request: asked, context: () => world.context(), folders: world.folders };
    await expectConformance(waitKindChecks(subject));
  });

  test("with a process that runs already", async () => {
    const world = conformanceWorld();
    const log = join(world.work, "log");
    writeFileSync(log, "3/4\n");
    const asked = request({ options: { pid: process.pid, log } });
    const subject = { kind: build, request: asked, context: () => world.context(), folders: world.folders };
    await expectConformance(waitKindChecks(subject));
  });
});

describe("the wait kind pr-ci passes the suite", () => {
  test.each([
    ["runs", 5, 900],
    ["is green", 0, 0],
  ])("while the pull request %s", async (_, starts, ends) => {
    const world = conformanceWorld();
    const { server, client, clock, stop } = await setUp();
    onTestFinished(stop);
    const pull = server.world.repo("octo/app").pull(42);
    pull.head.checks({ name: "lint", starts, ends, conclusion: "SUCCESS" });
    clock.advance(120_000);
    const context = () => ({
      ...world.context({ github: client, env: { ...world.env, ...server.env }, repo: "octo/app" }),
      clock: { ...systemClock, now: () => clock.now() },
    });
    const subject = { kind: prCi, request: request({ ref: "42" }), context, folders: world.folders };
    await expectConformance(waitKindChecks(subject), BEGINS_NOTHING);
  });
});

describe("the wait kind http passes the suite", () => {
  test.each(["RUNNING", "DONE", "FAILED"])("while the state at the URL is %s", async (state) => {
    const world = conformanceWorld();
    const server = await startReceiver(() => ({ status: 200, body: JSON.stringify({ job: { state } }) }));
    onTestFinished(server.close);
    const options = { pointer: "/job/state", success: ["DONE"], failure: ["FAILED"], consecutive: 1 };
    const asked = request({ ref: `${server.url}/job`, options });
    const subject = { kind: http, request: asked, context: () => world.context(), folders: world.folders };
    await expectConformance(waitKindChecks(subject), BEGINS_NOTHING);
  });
});
