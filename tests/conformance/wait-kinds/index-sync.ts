import { onTestFinished } from "vitest";
import { elasticsearchVendor } from "../../servers/vendors/elasticsearch.ts";
import { startVendor } from "../../servers/vendors/harness.ts";
import { meilisearchVendor } from "../../servers/vendors/meilisearch.ts";
import { startSyncVendor } from "../../servers/vendors/sync.ts";
import { qdrantVendor, typesenseVendor } from "../../servers/vendors/vectors.ts";
import type { WaitKindCase } from "../fixture.ts";

const VENDORS = [meilisearchVendor, elasticsearchVendor, qdrantVendor, typesenseVendor];

const vendors = VENDORS.flatMap((vendor) =>
  (["running", "succeeded"] as const).map(
    (status): WaitKindCase => ({
      title: `with ${vendor.provider.name}, while it is ${status}`,
      prepare: async (world) => {
        const server = await startSyncVendor(vendor);
        onTestFinished(() => server.close());
        server.shown.document = vendor.states[status]?.[0]?.document;
        const context = () => world.context({ env: { ...world.env, ...vendor.env(server.url) } });
        return { ref: `${vendor.provider.name}:${vendor.ref}`, context };
      },
    }),
  ),
);

export default [
  ...vendors,
  {
    title: "with a URL's answer",
    prepare: async () => {
      const server = await startVendor({
        routes: [["GET", /./, () => ({ body: { state: "busy" } })]],
        allows: () => true,
        refusal: { body: {} },
        notFound: { status: 404, body: {} },
      });
      onTestFinished(() => server.close());
      return { ref: server.url, options: { state: "/state", success: ["done"], failure: ["failed"] } };
    },
  },
] satisfies WaitKindCase[];
