// needs: git, gh
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startVendor } from "../../servers/vendors/harness.ts";
import { netlifyVendor } from "../../servers/vendors/netlify.ts";
import { vercelVendor } from "../../servers/vendors/vercel.ts";
import { startDeployVendor } from "../../servers/vendors/world.ts";
import { type DeployWorld, startWorld } from "./deploy-world.ts";

let world: DeployWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.github.stop());

const DPL = vercelVendor.ids[0];

describe("what a reference means", () => {
  it("is the commit that is here, without a reference, and the one that was pushed", async () => {
    expect(await world.pin(null)).toMatchObject({ sha: world.head, ref: world.head.slice(0, 7), complete: true });
    expect(await world.pin(null, { network: false })).toMatchObject({ sha: world.head, complete: true });
  });

  it("is a commit, a branch or a tag, resolved once", async () => {
    world.git("tag", "v1.0", world.older);
    expect(await world.pin(world.older.slice(0, 8))).toMatchObject({ sha: world.older, ref: world.older.slice(0, 7) });
    expect(await world.pin("HEAD~1")).toMatchObject({ sha: world.older });
    expect(await world.pin(`https://github.com/octo/app/commit/${world.older}`)).toMatchObject({ sha: world.older });
    expect(await world.pin("v1.0")).toMatchObject({ sha: world.older, ref: `v1.0@${world.older.slice(0, 7)}` });
    expect(await world.pin("main")).toMatchObject({ sha: world.head, note: expect.stringContaining("another deploy") });
  });

  it("is a branch that only GitHub has, asked for when the network is allowed", async () => {
    world.repo.push("feature", "remote only");
    const offline = await world.pin("feature", { network: false });
    expect(offline.complete).toBe(false);
    expect(await world.pin("feature")).toMatchObject({
      sha: world.repo.branchSha("feature"),
      note: expect.stringContaining("on GitHub"),
    });
  });

  it("is not denied while GitHub does not say what it is", async () => {
    world.repo.push("feature", "remote only");
    world.github.world.hole({ field: "Repository.object", what: "RESOURCE_LIMITS_EXCEEDED" });
    await expect(world.pin("feature")).rejects.toMatchObject({ problem: "partial" });
  });

  it("is the number of a deployment on GitHub", async () => {
    const { id } = world.repo.deploy(world.older, { environment: "Production", states: [[0, "SUCCESS"]] });
    world.repo.deploy(world.older, { environment: "Preview", states: [[0, "FAILURE"]] });
    const pin = await world.pin(`${id}`);
    expect(pin.sha).toBe(world.older);
    expect((await world.watch(pin)()).status).toBe("succeeded");
  });

  it("is an id or URL of a vendor", async () => {
    const context = world.context({ env: vercelVendor.env("http://127.0.0.1:1") });
    expect((await world.pin(DPL, { context })).key).toContain(`vercel=${DPL}`);
    expect((await world.pin("https://web-abc.vercel.app", { context })).key).toContain("vercel=web-abc.vercel.app");
    expect((await world.pin("deploy/web")).key).toContain("kubernetes=deployment/web");
  });

  it("asks whose deploy an id is when several could have made it", async () => {
    const uuid = "11111111-1111-4111-8111-111111111111";
    await expect(world.pin(uuid)).rejects.toThrow(/--provider cloudflare-pages or --provider railway/);
    const context = world.context({ env: { RAILWAY_TOKEN: "t", RAILWAY_PROJECT_ID: "p" } });
    expect((await world.pin(uuid, { context })).key).toContain("railway=");
  });

  it.each(["--all", "no-such-branch", "999999999", "Production", "a b c", "../..", "\u001b[31mred"])(
    "refuses what means nothing: %j",
    async (ref) => {
      await expect(world.pin(ref)).rejects.toMatchObject({
        name: "RefError",
        message: expect.not.stringContaining("\u001b"),
      });
    },
  );

  it("is an environment: the commit of its newest deployment", async () => {
    world.repo.deploy(world.older, { environment: "staging", states: [[0, "IN_PROGRESS"]] });
    expect(await world.pin("staging")).toMatchObject({ sha: world.older, ref: expect.stringContaining("staging") });
  });

  it("gives the same key to the same target and another to any other", async () => {
    const [one, two, three, four] = [
      await world.pin(null),
      await world.pin("HEAD"),
      await world.pin("HEAD~1"),
      await world.pin(null, { options: { environment: "Production" } }),
    ];
    expect(two.key).toBe(one.key);
    expect(new Set([one.key, three.key, four.key]).size).toBe(3);
  });
});

describe("who is asked", () => {
  it("is GitHub first, which is followed from nothing to success", async () => {
    const look = world.watch(await world.pin(null));
    expect(await look()).toMatchObject({ status: "waiting" });
    world.repo.deploy(world.head, {
      environment: "Production",
      creator: "vercel[bot]",
      states: [
        [0, "IN_PROGRESS"],
        [60, "SUCCESS"],
      ],
    });
    expect(await look()).toMatchObject({
      status: "running",
      note: expect.stringContaining('took what GitHub shows: "Production"'),
    });
    world.clock.advance(61);
    expect(await look()).toMatchObject({ status: "succeeded" });
  });

  it("is the service whose files lie here when GitHub shows nothing", async () => {
    const vendor = await startDeployVendor(vercelVendor);
    world.write("vercel.json", "{}");
    const context = world.context({ env: vercelVendor.env(vendor.url) });
    const look = world.watch(await world.pin(null, { context }), context);
    expect((await look()).status).toBe("waiting");
    vendor.world.items.push({ id: DPL, sha: world.head, state: "BUILDING", at: world.clock.now() });
    expect(await look()).toMatchObject({ status: "running", note: expect.stringContaining("there is a vercel.json") });
    vendor.world.items[0]!.state = "READY";
    expect((await look()).status).toBe("succeeded");
    await vendor.close();
  });

  it("is that service, too, when GitHub cannot be asked", async () => {
    const vendor = await startDeployVendor(netlifyVendor);
    world.write("netlify.toml", "");
    vendor.world.items.push({ id: netlifyVendor.ids[0], sha: world.head, state: "ready", at: world.clock.now() });
    world.github.world.viewer = null;
    const context = world.context({ env: netlifyVendor.env(vendor.url) });
    expect(await world.watch(await world.pin(null, { context }), context)()).toMatchObject({
      status: "succeeded",
      note: expect.stringContaining("GitHub cannot be asked"),
    });
    await vendor.close();
  });

  it("is nobody when a file lies here and no credentials do: files are hints", async () => {
    world.write("vercel.json", "{}");
    expect((await world.watch(await world.pin(null))()).status).toBe("waiting");
    world.github.world.viewer = null;
    const pin = await world.pin(null, { network: false });
    await expect(world.watch(pin)()).rejects.toMatchObject({ name: "GitHubError" });
    await expect(world.pin(null)).rejects.toThrow(/no deploy service is set up here.*GitHub refuses the login/);
  });

  it("is said to be unknown without a repository and without files", async () => {
    const context = world.context({ repo: null });
    await expect(world.pin(null, { context })).rejects.toThrow(/who deploys this.*the repository is unknown/);
    const pin = await world.pin(null, { context, network: false });
    await expect(world.watch(pin, context)()).rejects.toMatchObject({
      lasting: true,
      needs: expect.stringContaining("--provider"),
    });
  });

  it("is the provider that was named, or a clear line about what it lacks", async () => {
    await expect(world.pin(null, { options: { provider: "nope" } })).rejects.toThrow(
      /"nope".*wanted one of github, kubernetes, vercel/,
    );
    await expect(world.pin(null, { options: { provider: "vercel" } })).rejects.toThrow(/"project".*VERCEL_PROJECT_ID/);
    mkdirSync(join(world.clone, ".vercel"));
    world.write(".vercel/project.json", '{"projectId":"prj_web","orgId":"team_acme"}');
    await expect(world.pin(null, { options: { provider: "vercel" } })).rejects.toThrow(/"VERCEL_TOKEN" is not set/);
    const context = world.context({ env: { VERCEL_TOKEN: "t" } });
    expect((await world.pin(null, { options: { provider: "vercel" }, context })).identity).toMatchObject({
      choices: [{ name: "vercel", values: { project: "prj_web", team: "team_acme" } }],
    });
    expect(
      (await world.pin(null, { options: { provider: "vercel", param: ["project=prj_other"] }, context })).identity,
    ).toMatchObject({ choices: [{ values: { project: "prj_other" } }] });
  });
});

describe("the policy", () => {
  const providers = { web: { use: "vercel", project: "prj_web" }, site: { use: "netlify", site: "site-1" } };

  it("names several services, which are one wait", async () => {
    const [vercel, netlify] = [await startDeployVendor(vercelVendor), await startDeployVendor(netlifyVendor)];
    const context = world.context({
      env: { ...vercelVendor.env(vercel.url), ...netlifyVendor.env(netlify.url) },
      config: { providers },
    });
    const look = world.watch(await world.pin(null, { context }), context);
    vercel.world.items.push({ id: DPL, sha: world.head, state: "READY", at: world.clock.now() });
    expect(await look()).toMatchObject({ status: "running" });
    netlify.world.items.push({ id: netlifyVendor.ids[0], sha: world.head, state: "error", at: world.clock.now() });
    expect(await look()).toMatchObject({
      status: "failed",
      items: [{ state: "succeeded" }, { state: "failed" }],
      evidence: [{ job: "Netlify" }],
    });
    await Promise.all([vercel.close(), netlify.close()]);
  });

  it("fails with the one that failed while another cannot be asked, and says nothing while none has", async () => {
    const netlify = await startDeployVendor(netlifyVendor);
    const env = { ...vercelVendor.env("http://127.0.0.1:1"), ...netlifyVendor.env(netlify.url) };
    const context = world.context({ env, config: { providers } });
    const look = world.watch(await world.pin(null, { context }), context);
    netlify.world.items.push({ id: netlifyVendor.ids[0], sha: world.head, state: "ready", at: world.clock.now() });
    await expect(look()).rejects.toMatchObject({ name: "ObservationError" });
    netlify.world.items[0]!.state = "error";
    expect(await look()).toMatchObject({ status: "failed", items: [{ state: "failed" }] });
    await netlify.close();
  });

  it("gives a provider as data, once it is trusted", async () => {
    const server = await startVendor({
      routes: [
        [
          "GET",
          /^\/deploys\/(?<sha>[0-9a-f]{40})$/,
          ({ groups }) => ({ body: { phase: groups.sha === world.head ? "done" : "?", live: "https://acme.test" } }),
        ],
      ],
      allows: ({ authorization }) => authorization === "Token acme-secret",
      refusal: { status: 401, body: {} },
      notFound: { status: 404, body: {} },
    });
    const acme = {
      base: { url: server.url },
      headers: { authorization: "Token {env:ACME_TOKEN}" },
      request: { path: "/deploys/{sha}" },
      state: "/phase",
      states: { running: ["building"], succeeded: ["done"], failed: ["broken"] },
      url: "{/live}",
    };
    const options = { env: { ACME_TOKEN: "acme-secret" }, config: { providers: { acme } } };
    await expect(world.pin(null, { context: world.context(options) })).rejects.toThrow(
      /"ci_watch.providers.acme" before it is trusted: run p9 trust/,
    );
    expect(server.requests).toEqual([]);
    const shown: string[] = [];
    const context = world.context({
      ...options,
      trusted: async (subject, content) => shown.push(`${subject} ${content}`) > 0,
    });
    const pin = await world.pin(null, { context });
    expect(pin.env).toEqual(["ACME_TOKEN"]);
    expect(await world.watch(pin, context)()).toMatchObject({
      status: "succeeded",
      items: [{ url: "https://acme.test" }],
    });
    expect(shown[0]).toContain(server.url);
    expect(JSON.stringify(pin)).not.toContain("acme-secret");
    await server.close();
  });

  it("may not send a built-in provider's credential elsewhere without trust", async () => {
    const context = world.context({
      env: { VERCEL_TOKEN: "t" },
      config: { providers: { vercel: { project: "p", base: "https://evil.test" } } },
    });
    await expect(world.pin(null, { context })).rejects.toThrow("before it is trusted");
  });

  it.each([
    [{ acme: { use: "nope" } }, /"ci_watch.providers.acme": "nope" is no provider/],
    [
      { acme: { request: { path: "/x" }, base: { url: "http://x" } } },
      /provider "acme": states: nothing in it means succeeded/,
    ],
    [
      { acme: { request: { path: "/x" }, base: { url: "http://x" }, otherwise: "succeeded", colour: 1 } },
      /unknown key "colour"/,
    ],
    [
      { acme: { request: { path: "/{env:TOKEN}" }, base: { url: "http://x" }, otherwise: "succeeded" } },
      /credentials go into "headers" only/,
    ],
  ])("is refused in one line when it is wrong: %#", async (config, message) => {
    const context = world.context({ config: { providers: config }, trusted: async () => true });
    await expect(world.pin(null, { context })).rejects.toMatchObject({
      name: "RefError",
      message: expect.stringMatching(message),
    });
  });
});

describe("a URL that serves the commit", () => {
  const site = async (answer: () => { status?: number; headers?: Record<string, string>; body: unknown }) =>
    startVendor({
      routes: [["GET", /./, answer]],
      allows: () => true,
      refusal: { body: {} },
      notFound: { status: 404, body: {} },
    });

  it("runs on an older commit and says how far behind, then serves this one twice", async () => {
    let served = world.older;
    const server = await site(() => ({ body: { version: served } }));
    const look = world.watch(await world.pin(`${server.url}/version`));
    expect(await look()).toMatchObject({
      status: "running",
      reason: expect.stringContaining(`still on ${world.older.slice(0, 7)}, 1 commit behind`),
    });
    served = world.head.slice(0, 10);
    expect(await look()).toMatchObject({ status: "succeeded", settle: { looks: 2 } });
    expect(server.requests[0]?.headers["cache-control"]).toBe("no-cache");
    expect(server.requests[0]?.query.get("p9")).toBeTruthy();
    await server.close();
  });

  it("succeeds with a newer commit that contains this one", async () => {
    const server = await site(() => ({ body: `build ${world.head}` }));
    const look = world.watch(await world.pin(world.older, { options: { url: server.url } }));
    expect(await look()).toMatchObject({ status: "succeeded", reason: expect.stringContaining("newer and contains") });
    await server.close();
  });

  it.each([
    ["a pointer", ["pointer=/git/sha"], { body: { git: { sha: "HEAD" }, old: "OLD" } }],
    ["a header", ["header=X-Revision"], { headers: { "x-revision": "HEAD" }, body: "" }],
    ["an expression", ["match=rev=(\\w+)"], { body: "x rev=HEAD y" }],
  ])("reads the version by %s", async (_what, param, answer) => {
    const put = (text: string) => text.replaceAll("HEAD", world.head.slice(0, 7)).replaceAll("OLD", world.older);
    const server = await site(() => JSON.parse(put(JSON.stringify(answer))));
    const look = world.watch(await world.pin(null, { options: { url: server.url, param } }));
    expect((await look()).status).toBe("succeeded");
    await server.close();
  });

  it.each([
    ["something else", { body: "hello" }],
    ["a version that nobody knows", { body: "deadbeefcafe" }],
    ["a hash of a bundle", { body: "/assets/app.1234567.js" }],
  ])("goes on waiting for %s", async (_what, answer) => {
    const server = await site(() => answer);
    expect((await world.watch(await world.pin(server.url))()).status).toBe("running");
    await server.close();
  });

  it("takes a failing server for an observation error", async () => {
    const server = await site(() => ({ status: 503, body: "" }));
    await expect(world.watch(await world.pin(server.url))()).rejects.toMatchObject({ name: "ObservationError" });
    await server.close();
    await expect(world.watch(await world.pin(server.url))()).rejects.toMatchObject({ name: "ObservationError" });
  });

  it("refuses a password in the address", async () => {
    await expect(world.pin("https://a:b@example.test/")).rejects.toThrow("without a password");
  });
});

describe("a second push in mid-wait", () => {
  it("leaves the wait on its commit, and ends it as superseded when the other takes its place", async () => {
    const look = world.watch(await world.pin("HEAD~1"));
    world.repo.deploy(world.older, {
      environment: "Production",
      states: [
        [0, "IN_PROGRESS"],
        [30, "INACTIVE"],
      ],
    });
    expect((await look()).status).toBe("running");
    world.repo.deploy(world.head, {
      environment: "Production",
      states: [
        [0, "IN_PROGRESS"],
        [20, "SUCCESS"],
      ],
    });
    world.clock.advance(21);
    expect((await look()).status).toBe("running");
    world.clock.advance(10);
    expect((await look()).status).toBe("superseded");
  });
});
