import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PluginContext } from "../../../../src/plugin.ts";
import { defineProvider, interpret, type Values } from "../../../../src/provider.ts";
import { algoliaRunVendor, algoliaVendor } from "../../../servers/vendors/algolia.ts";
import { cratesVendor } from "../../../servers/vendors/crates.ts";
import { elasticsearchVendor, opensearchVendor } from "../../../servers/vendors/elasticsearch.ts";
import type { VendorServer } from "../../../servers/vendors/harness.ts";
import { meilisearchVendor } from "../../../servers/vendors/meilisearch.ts";
import { type Shown, startSyncVendor } from "../../../servers/vendors/sync.ts";
import {
  pineconeImportVendor,
  pineconeVendor,
  qdrantVendor,
  typesenseVendor,
  weaviateVendor,
} from "../../../servers/vendors/vectors.ts";
import { asker } from "./asking.ts";

const VENDORS = [
  meilisearchVendor,
  elasticsearchVendor,
  opensearchVendor,
  algoliaVendor,
  algoliaRunVendor,
  typesenseVendor,
  qdrantVendor,
  weaviateVendor,
  pineconeVendor,
  pineconeImportVendor,
  cratesVendor,
];

describe.each(VENDORS.map((vendor) => [vendor.provider.title, vendor] as const))("%s", (_, vendor) => {
  let server: VendorServer & { shown: Shown };
  let context: PluginContext;
  let values: Values;
  const provider = interpret(vendor.provider);

  beforeEach(async () => {
    server = await startSyncVendor(vendor);
    context = asker(vendor.env(server.url));
    const matched = await provider.match(vendor.ref);
    values = (await provider.locate({ ...matched, ref: vendor.ref }, context)).values;
  });
  afterEach(() => server.close());

  it("is a valid description that knows its references", async () => {
    expect(() => defineProvider(vendor.provider)).not.toThrow();
    expect(await provider.match("no such/reference at all!")).toBeNull();
    expect((await provider.locate({ ...values }, context)).missing).toEqual([]);
  });

  const table = Object.entries(vendor.states).flatMap(([status, situations]) =>
    situations.map((situation, nth) => [`${status} ${nth + 1}`, status, situation] as const),
  );
  it.each(table)("reads %s", async (_name, status, situation) => {
    server.shown.document = situation.document;
    const result = await provider.look(values, context);
    expect(result).toMatchObject({ status, unknown: [] });
    if (situation.percent !== undefined) expect(result.progress?.percent).toBe(situation.percent);
    if (situation.phase !== undefined) expect(result.progress?.phase).toBe(situation.phase);
    if (situation.reason !== undefined) expect(result.reason).toContain(situation.reason);
    if (situation.evidence !== undefined) expect(result.evidence?.[0]?.text).toContain(situation.evidence);
  });

  it("does not succeed while the target does not exist", async () => {
    const { status } = await provider.look(values, context);
    expect(["waiting", "unknown"]).toContain(status);
  });

  const strange = vendor.strange === null ? [] : [vendor.strange];
  it.each(strange)("counts a state that it has never heard of as running and names it", async () => {
    server.shown.document = vendor.strange;
    const { status, unknown } = await provider.look(values, context);
    expect(status).toBe("running");
    expect(unknown).toEqual([expect.stringContaining(vendor.provider.title)]);
  });

  it.each(vendor.auth === null ? [] : [vendor.auth[0]])(
    "reports a missing and a refused credential in %s as a need",
    async () => {
      server.shown.document = vendor.states.succeeded?.[0]?.document;
      const spoilt = (value: string | undefined) =>
        Object.fromEntries(
          Object.entries(context.env).map(([name, old]) => [name, old?.includes("secret") ? value : old]),
        );
      for (const value of ["secret-but-wrong", undefined]) {
        const error = await provider.look(values, { ...context, env: spoilt(value) }).then(
          () => new Error("no error"),
          (thrown: Error) => thrown,
        );
        expect(error).toMatchObject({
          name: "ObservationError",
          lasting: true,
          needs: expect.stringMatching(/[A-Z_]{5,}/),
        });
        expect(error.message).not.toContain("secret-but-wrong");
      }
    },
  );

  it.each([
    ["HTTP 429", { status: 429, headers: { "retry-after": "5" }, body: {} }],
    ["HTTP 500", { status: 500, body: { message: "boom" } }],
    ["a page instead of JSON", "html"],
    ["a dropped connection", "drop"],
  ] as const)("takes %s for an observation error", async (_what, trouble) => {
    server.shown.document = vendor.states.succeeded?.[0]?.document;
    server.trouble.push(trouble);
    await expect(provider.look(values, context)).rejects.toMatchObject({ name: "ObservationError" });
    expect((await provider.look(values, context)).status).toBe("succeeded");
  });

  it("gives up on a connection that hangs", async () => {
    server.trouble.push("hang");
    const slow: PluginContext = { ...context, fetch: (url, init) => context.fetch(url, { ...init, timeoutMs: 150 }) };
    await expect(provider.look(values, slow)).rejects.toMatchObject({ name: "ObservationError" });
  });

  it("sends its credential in a header only", async () => {
    await provider.look(values, context);
    for (const { path, query } of server.requests) expect(`${path}?${query}`).not.toContain("secret");
    expect(JSON.stringify(values)).not.toContain("secret");
  });
});

describe("a redirect", () => {
  it("is not followed with a credential, and is no result", async () => {
    const [server, other] = [await startSyncVendor(algoliaVendor), await startSyncVendor(algoliaVendor)];
    const provider = interpret(algoliaVendor.provider);
    const context = asker(algoliaVendor.env(server.url));
    const matched = await provider.match(algoliaVendor.ref);
    const { values } = await provider.locate({ ...matched }, context);
    other.shown.document = algoliaVendor.states.succeeded?.[0]?.document;
    server.trouble.push({ status: 302, headers: { location: `${other.url}/1/indexes/products/task/678` }, body: "" });
    await expect(provider.look(values, context)).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringContaining("302"),
    });
    expect(other.requests).toEqual([]);
    await Promise.all([server.close(), other.close()]);
  });
});

describe("a reference that is a URL", () => {
  it("names the server itself, whatever the environment says", async () => {
    const server = await startSyncVendor(meilisearchVendor);
    server.shown.document = meilisearchVendor.states.succeeded?.[0]?.document;
    const provider = interpret(meilisearchVendor.provider);
    const values = await provider.match(`${server.url}/tasks/5`);
    const context = asker({ MEILISEARCH_URL: "http://127.0.0.1:1", MEILISEARCH_API_KEY: "meili-secret-key" });
    expect(await provider.look(values ?? {}, context)).toMatchObject({ status: "succeeded" });
    await server.close();
  });
});
