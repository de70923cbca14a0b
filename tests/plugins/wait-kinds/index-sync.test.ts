import { afterEach, beforeEach, describe, expect, it } from "vitest";
import indexSync from "../../../plugins/wait-kinds/index-sync.ts";
import type { JsonObject, LookResult, Options, Pin, PluginContext } from "../../../src/plugin.ts";
import { startVendor, type VendorServer } from "../../servers/vendors/harness.ts";
import { meilisearchVendor } from "../../servers/vendors/meilisearch.ts";
import { startSyncVendor } from "../../servers/vendors/sync.ts";
import { asker, granted } from "./providers/asking.ts";
import { lookContext } from "./providers/looking.ts";

const pin = (ref: string | null, options: Options = {}, context: PluginContext = asker({})): Promise<Pin> =>
  indexSync.pin({ ref, argv: [], options: { method: "GET", ...options }, network: true }, context);

/** Looks as the engine does: the pin follows. */
function watch(first: Pin, context: PluginContext): () => Promise<LookResult> {
  let current = first;
  return async () => {
    const result = await indexSync.look({ ...lookContext(context), pin: current });
    current = result.pin ?? current;
    return result;
  };
}

describe("what a reference means", () => {
  it.each([
    ["npm:left-pad@1.3.0", { provider: "npm" }],
    ["npm:@scope/name@2.0.0-rc.1", { provider: "npm" }],
    ["crates:serde@1.0.0", { provider: "crates" }],
    ["meilisearch:5", { provider: "meilisearch" }],
    ["http://search.test:7700/tasks/5", { provider: "meilisearch" }],
    ["http://es.test:9200/_tasks/oTUltX4IQMOUUVeiohTt8A:124", { provider: "elasticsearch" }],
    ["elasticsearch:oTUltX4IQMOUUVeiohTt8A:124", { provider: "elasticsearch" }],
    ["postgres:public.items_idx", { provider: "postgres" }],
    ["postgres://me@db.test/app?relation=items_idx", { provider: "postgres" }],
    ["qdrant:docs", { provider: "qdrant" }],
  ])("%s is a target of its provider", async (ref, source) => {
    const found = await pin(ref).catch((error: Error) => error);
    // Elasticsearch and OpenSearch have the same address.
    if (ref.startsWith("http://es"))
      expect(found).toMatchObject({
        message: expect.stringContaining("--provider elasticsearch or --provider opensearch"),
      });
    else expect(found).toMatchObject({ ref, complete: true, identity: { source } });
  });

  it.each([
    [null, "a name under ci_watch.index_sync"],
    ["whatever", "a provider's reference"],
    ["npm:left-pad", "no reference of it"],
    ["npm:--registry=evil@1.0.0", "no reference of it"],
    ["https://example.test/", "--state and --success"],
    ["postgres://me:secret@db.test/app?relation=i", "PGPASSWORD"],
  ])("refuses %j in one line", async (ref, message) => {
    await expect(pin(ref)).rejects.toMatchObject({ name: "RefError", message: expect.stringContaining(message) });
  });

  it("gives the same key to the same target and another to any other", async () => {
    const keys = await Promise.all(
      ["meilisearch:5", "meilisearch:5", "meilisearch:6", "qdrant:5"].map(async (ref) => (await pin(ref)).key),
    );
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
  });

  it("names the variables that the wait needs", async () => {
    expect((await pin("meilisearch:5")).env).toEqual(["MEILISEARCH_API_KEY", "MEILISEARCH_URL"]);
  });
});

describe("a URL's answer, by a few words", () => {
  let server: VendorServer;
  let answer: unknown;
  beforeEach(async () => {
    server = await startVendor({
      routes: [["GET", /^\/status\/?$/, () => ({ body: answer })]],
      allows: ({ authorization }) => authorization === undefined || authorization === "Bearer status-secret",
      refusal: { status: 401, body: {} },
      notFound: { status: 404, body: {} },
    });
  });
  afterEach(() => server.close());

  it("runs until one of its states, with progress and the error's text", async () => {
    const context = asker({});
    const options = {
      state: "job.state",
      success: ["done"],
      failure: ["broken"],
      done: "/job/n",
      total: "/job/of",
      error: "/job/why",
    };
    const look = watch(await pin(`${server.url}/status?job=1`, options, context), context);
    answer = { job: { state: "indexing", n: 3, of: 12 } };
    expect(await look()).toMatchObject({ status: "running", progress: { done: 3, total: 12, percent: 25 } });
    answer = { job: { state: "broken", why: "disk full" } };
    expect(await look()).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("disk full"),
      evidence: [{ text: "disk full" }],
    });
    answer = { job: { state: "done" } };
    expect((await look()).status).toBe("succeeded");
    expect(server.requests[0]?.query.get("job")).toBe("1");
  });

  it("names a state that is in none of its lists", async () => {
    const context = asker({});
    const look = watch(
      await pin(`${server.url}/status`, { state: "/s", success: ["done"], running: ["busy"] }, context),
      context,
    );
    answer = { s: "lost" };
    expect(await look()).toMatchObject({ status: "running", unknown: [expect.stringContaining("lost")] });
    answer = {};
    await expect(look()).rejects.toMatchObject({ name: "ObservationError" });
  });

  it("sends a credential by its variable's name, and refuses one as it stands", async () => {
    const context = asker({ STATUS_TOKEN: "status-secret" });
    const options = { state: "/s", success: ["done"], header: ["Authorization: Bearer {env:STATUS_TOKEN}"] };
    const bound = await pin(`${server.url}/status`, options, context);
    answer = { s: "done" };
    expect((await watch(bound, context)()).status).toBe("succeeded");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer status-secret");
    expect(JSON.stringify(bound)).not.toContain("status-secret");
    expect(bound.env).toContain("STATUS_TOKEN");
    await expect(pin(server.url, { ...options, header: ["X-Api-Key: abc"] })).rejects.toThrow(
      'name its variable, as "{env:NAME}"',
    );
  });

  it("counts to a number", async () => {
    const context = asker({});
    const look = watch(await pin(`${server.url}/status`, { count: "/total", expect: 100 }, context), context);
    answer = { total: 40 };
    expect(await look()).toMatchObject({ status: "running", progress: { percent: 40 } });
    answer = { total: 100 };
    expect(await look()).toMatchObject({ status: "succeeded", settle: { looks: 1 } });
  });

  it("counts until it stays the same: an item that changes is not settled", async () => {
    const context = asker({});
    const look = watch(await pin(`${server.url}/status`, { count: "hits.total", stable: 4 }, context), context);
    answer = { hits: { total: 0 } };
    expect((await look()).status).toBe("running");
    answer = { hits: { total: 40 } };
    const one = await look();
    answer = { hits: { total: 41 } };
    const two = await look();
    expect([one.status, two.status]).toEqual(["succeeded", "succeeded"]);
    expect(one.settle?.looks).toBe(4);
    expect(one.items?.[0]?.name).not.toBe(two.items?.[0]?.name);
  });

  it.each([
    [{ success: ["done"] }, "a provider's reference"],
    [{ state: "/s" }, '"success"'],
    [{ count: "/n", stable: 0 }, '"stable"'],
  ])("says what is missing: %j", async (options: Options, message) => {
    await expect(pin(`${server.url}/status`, options)).rejects.toThrow(message);
  });
});

describe("a command", () => {
  it.each([
    ["exit 0", "succeeded"],
    ["exit 1", "running"],
    ["echo 'index is corrupt'; exit 2", "failed"],
  ])("%s is %s", async (cmd, status) => {
    const context = asker({});
    expect((await watch(await pin(null, { cmd }, context), context)()).status).toBe(status);
  });
});

describe("the policy's names", () => {
  it("are built-in providers with values, and take the rest of a reference", async () => {
    const server = await startSyncVendor(meilisearchVendor);
    server.shown.document = meilisearchVendor.states.succeeded?.[0]?.document;
    const context = asker(meilisearchVendor.env(server.url), {
      config: { index_sync: { docs: { provider: "meilisearch" }, other: { provider: "qdrant", collection: "x" } } },
      trusted: granted,
    });
    expect((await watch(await pin("docs:5", {}, context), context)()).status).toBe("succeeded");
    await expect(pin("docs:nope", {}, context)).rejects.toThrow("no reference of it");
    await expect(pin(null, {}, context)).rejects.toThrow("one of docs, other");
    await server.close();
  });

  it("are a URL, which is asked for once it is trusted", async () => {
    const server = await startVendor({
      routes: [["GET", /^\/s$/, () => ({ body: { state: "ready" } })]],
      allows: () => true,
      refusal: { body: {} },
      notFound: { status: 404, body: {} },
    });
    const entry = { url: `${server.url}/s`, state: "/state", success: ["ready"], failure: ["error"] };
    const config = { index_sync: { search: entry } };
    await expect(pin(null, {}, asker({}, { config }))).rejects.toThrow("before it is trusted");
    expect(server.requests).toEqual([]);
    const context = asker({}, { config, trusted: granted });
    expect((await watch(await pin(null, {}, context), context)()).status).toBe("succeeded");
    await server.close();
  });

  it.each([
    ["a command", { cmd: "touch /tmp/p9-must-not-exist" }],
    ["a provider as data", { request: { path: "/x" }, base: { url: "http://x.test" }, otherwise: "succeeded" }],
    ["another host for a built-in provider", { provider: "meilisearch", base: "http://evil.test" }],
    ["a database of the user's", { provider: "postgres", relation: "i" }],
    ["a server of this machine", { provider: "meilisearch" }],
    ["an address", { url: "https://evil.test/x", state: "/s", success: ["ok"] }],
    ["a program that asks", { provider: "npm", package: "left-pad", version: "1.0.0" }],
    [
      "a key that p9 does not know",
      { provider: "crates", crate: "serde", version: "1.0.0", endpoint: "https://evil.test" },
    ],
    ["another database server", { provider: "postgres", relation: "i", host: "evil.test" }],
  ])("run nothing and send nothing before they are trusted: %s", async (_what, entry: JsonObject) => {
    const config = { index_sync: { docs: entry } };
    await expect(pin("docs", {}, asker({}, { config }))).rejects.toThrow(
      /"ci_watch.index_sync.docs" before it is trusted: run p9 trust/,
    );
    await expect(pin("docs:5", {}, asker({}, { config }))).rejects.toThrow(/trusted|no reference/);
  });

  it.each([
    ["a version", { use: "crates", crate: "serde", version: "1.0.0", paths: ["Cargo.toml"] }],
    ["an index", { use: "pinecone", index: "docs", title: "Docs" }],
  ])("ask nobody who only name something of a public service: %s", async (_what, entry: JsonObject) => {
    const env = { PINECONE_API_KEY: "k" };
    expect(await pin("docs", {}, asker(env, { config: { index_sync: { docs: entry } } }))).toMatchObject({
      complete: true,
    });
  });
});
