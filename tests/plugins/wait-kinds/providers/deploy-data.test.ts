import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PluginContext } from "../../../../src/plugin.ts";
import { defineProvider, interpret, type Values } from "../../../../src/provider.ts";
import { pagesVendor, workersVendor } from "../../../servers/vendors/cloudflare.ts";
import type { VendorServer } from "../../../servers/vendors/harness.ts";
import { netlifyVendor } from "../../../servers/vendors/netlify.ts";
import { railwayVendor } from "../../../servers/vendors/railway.ts";
import { renderVendor } from "../../../servers/vendors/render.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { BORN, startDeployVendor, type World } from "../../../servers/vendors/world.ts";
import { asker } from "./asking.ts";

const OURS = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";
const THEIRS = "9999999999999999999999999999999999999999";
const VENDORS = [vercelVendor, pagesVendor, workersVendor, netlifyVendor, railwayVendor, renderVendor];

describe.each(VENDORS.map((vendor) => [vendor.provider.title, vendor] as const))("%s", (_, vendor) => {
  let server: VendorServer & { world: World };
  let context: PluginContext;
  let values: Values;
  const provider = interpret(vendor.provider);
  const look = async (from: Values = values) => {
    const result = await provider.look(from, context);
    values = result.values;
    return result;
  };
  const add = (state: string, more: Partial<World["items"][number]> = {}) => {
    const nth = server.world.items.length;
    server.world.items.push({ id: vendor.ids[nth] ?? "", sha: OURS, state, at: BORN + nth * 60_000, ...more });
  };
  const set = (state: string, nth = 0) => {
    const item = server.world.items[nth];
    if (item) item.state = state;
  };

  beforeEach(async () => {
    server = await startDeployVendor(vendor);
    context = asker(vendor.env(server.url));
    values = (await provider.locate({ sha: OURS }, context)).values;
  });
  afterEach(() => server.close());

  it("is a valid description whose variables are all declared", () => {
    expect(() => defineProvider(vendor.provider)).not.toThrow();
    expect(provider.ready(context.env)).toBe(true);
    expect(provider.ready({})).toBe(false);
  });

  it("waits, and never succeeds, while nothing is reported for the commit", async () => {
    expect(await look()).toMatchObject({ status: "waiting", reason: expect.stringContaining("3f2a91c") });
    add(vendor.states.succeeded?.[0] ?? "", { sha: THEIRS });
    expect((await look()).status).toBe("waiting");
  });

  const table = Object.entries(vendor.states).flatMap(([status, words]) =>
    words.map((word) => [word, status] as const),
  );
  it.each(table)("reads the state %s as %s", async (word, status) => {
    add(word);
    const result = await look();
    expect(result).toMatchObject({ status, unknown: [] });
    expect(result.reason).toContain(vendor.provider.title);
  });

  it("follows one deploy from its start to its end by its id", async () => {
    const [first = "", second = "", ended = ""] = [
      vendor.states.waiting?.[0],
      vendor.states.running?.[0],
      vendor.states.succeeded?.[0],
    ];
    add(first);
    expect((await look()).status).toBe("waiting");
    expect(values.id).toBe(vendor.ids[0]);
    set(second);
    expect((await look()).status).toBe("running");
    set(ended);
    expect(await look()).toMatchObject({ status: "succeeded", items: [{ state: "succeeded" }] });
  });

  it("brings the lines that show why it failed, without secrets", async () => {
    server.world.log = [
      "installing",
      `using ${Object.values(vendor.env("")).find((value) => value.includes("secret"))}`,
      "ok",
      "Error: cannot find module './x'",
      "npm ERR! code 1",
    ];
    add(vendor.states.failed?.[0] ?? "");
    const { status, evidence = [] } = await look();
    expect(status).toBe("failed");
    const text = evidence.map((one) => one.text).join("\n");
    if (vendor.hasLog) expect(text).toContain("Error: cannot find module './x'");
    else expect(text).toContain("non-zero exit code");
    expect(text).not.toContain("secret");
  });

  it("keeps the verdict when the log cannot be read", async () => {
    add(vendor.states.running?.[0] ?? "");
    await look();
    set(vendor.states.failed?.[0] ?? "");
    const asked = context.fetch;
    context = {
      ...context,
      fetch: (url, init) =>
        /events|logs|buildLogs/.test(url + (init?.body ?? "")) ? asked("http://127.0.0.1:1/", init) : asked(url, init),
    };
    const { status, evidence = [] } = await look();
    expect(status).toBe("failed");
    if (vendor.hasLog) expect(evidence[0]?.text).toContain("The log could not be read");
  });

  it("does not take a second push's deploy for its own", async () => {
    add(vendor.states.running?.[0] ?? "");
    await look();
    add(vendor.states.succeeded?.[0] ?? "", { sha: THEIRS });
    expect((await look()).status).toBe("running");
    expect((await look({ ...values, id: undefined })).status).toBe("running");
  });

  if (vendor.states.cancelled) {
    it("is superseded when it was cancelled for a newer commit, and cancelled when nothing is newer", async () => {
      add(vendor.states.cancelled?.[0] ?? "");
      expect((await look()).status).toBe("cancelled");
      add(vendor.states.running?.[0] ?? "", { sha: THEIRS });
      expect(await look()).toMatchObject({ status: "superseded", reason: expect.stringContaining("9999999") });
    });
  }

  it("follows a second try of the same commit", async () => {
    add(vendor.states.failed?.[0] ?? "");
    await look();
    add(vendor.states.running?.[0] ?? "");
    expect(await look()).toMatchObject({ status: "running", note: expect.stringContaining("again") });
    set(vendor.states.succeeded?.[0] ?? "", 1);
    expect((await look()).status).toBe("succeeded");
  });

  it("counts a state that it has never heard of as running and names it", async () => {
    add(
      vendor.provider.name === "railway"
        ? "HIBERNATING"
        : vendor.provider.name === "cloudflare-pages"
          ? "deploy:paused"
          : "levitating",
    );
    const { status, unknown = [] } = await look();
    expect(status).toBe("running");
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toMatch(/HIBERNATING|deploy:paused|levitating/);
  });

  it("asks for a credential that is not set, by its name", async () => {
    const { env } = context;
    context = {
      ...context,
      env: Object.fromEntries(Object.entries(env).filter(([, value]) => !value?.includes("secret"))),
    };
    await expect(look()).rejects.toMatchObject({
      name: "ObservationError",
      lasting: true,
      needs: expect.stringMatching(/"[A-Z_]+"/),
    });
  });

  it("reports a refused credential as a need, not as a result", async () => {
    add(vendor.states.succeeded?.[0] ?? "");
    const env = Object.fromEntries(
      Object.entries(context.env).map(([name, value]) => [
        name,
        value?.includes("secret") ? "secret-but-wrong" : value,
      ]),
    );
    context = { ...context, env };
    const error: Error = await look().then(
      () => new Error("no error"),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({
      name: "ObservationError",
      lasting: true,
      needs: expect.stringContaining(vendor.provider.title),
    });
    expect(error.message).not.toContain("secret-but-wrong");
  });

  it("passes on how long a rate limit asks to wait", async () => {
    server.trouble.push({ status: 429, headers: { "retry-after": "37" }, body: { error: { message: "slow down" } } });
    await expect(look()).rejects.toMatchObject({ name: "ObservationError", retryAfterS: 37, lasting: false });
    server.trouble.push({
      status: 429,
      headers: {
        date: new Date(BORN).toUTCString(),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": `${BORN / 1000 + 90}`,
      },
      body: {},
    });
    await expect(look()).rejects.toMatchObject({ retryAfterS: 90 });
  });

  it.each([
    ["HTTP 500", { status: 500, body: { message: "boom" } }],
    ["HTTP 401 with a page", { status: 401, body: "<html>sign in</html>" }],
    ["a page instead of JSON", "html"],
    ["a dropped connection", "drop"],
    ["another document", { status: 200, body: { hello: "world" } }],
    ["null", { status: 200, body: null }],
  ] as const)("takes %s for an observation error or for nothing seen, never for a result", async (_what, trouble) => {
    add(vendor.states.running?.[0] ?? "");
    await look();
    server.trouble.push(trouble);
    const seen = await look().then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
    expect(["ObservationError", "unknown"]).toContain(seen);
    server.trouble.length = 0;
  });

  it("gives up on a connection that hangs", async () => {
    server.trouble.push("hang");
    const asked = context.fetch;
    context = { ...context, fetch: (url, init) => asked(url, { ...init, timeoutMs: 150 }) };
    await expect(look()).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringContaining("no answer"),
    });
  });

  it("sends its credential in a header only", async () => {
    add(vendor.states.failed?.[0] ?? "");
    await look();
    for (const { path, query, body } of server.requests) expect(`${path}?${query}${body}`).not.toContain("secret");
    expect(JSON.stringify(values)).not.toContain("secret");
  });
});

describe("a build that Vercel's Ignored Build Step left out", () => {
  it.each([
    [
      "by its message",
      { errorMessage: "The Deployment has been canceled as a result of running the Ignored Build Step" },
    ],
    ["by its link", { errorMessage: "Canceled", errorLink: "https://vercel.link/ignored-build-step" }],
  ])("is skipped and no failure: %s", async (_, extra) => {
    const server = await startDeployVendor(vercelVendor);
    server.world.items.push({ id: vercelVendor.ids[0], sha: OURS, state: "CANCELED", at: BORN, extra });
    const context = asker(vercelVendor.env(server.url));
    const provider = interpret(vercelVendor.provider);
    const { values } = await provider.locate({ sha: OURS }, context);
    expect(await provider.look(values, context)).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("Ignored Build Step left this commit out"),
    });
    await server.close();
  });
});
