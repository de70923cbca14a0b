import { interpret, type Provider, type TargetWatcher } from "../../../src/provider.ts";

type Load = () => Promise<TargetWatcher>;

const data = async (module: Promise<{ default: Provider }>) => interpret((await module).default);

/** Every built-in deploy provider by name, in the order in which a reference is tried on them. */
export const deployProviders = {
  github: async () => (await import("./github/github.ts")).default,
  kubernetes: async () => (await import("./kubernetes/kubernetes.ts")).default,
  vercel: () => data(import("./deploys/vercel.ts")),
  "cloudflare-pages": () => data(import("./deploys/cloudflare-pages.ts")),
  "workers-builds": () => data(import("./deploys/workers-builds.ts")),
  netlify: () => data(import("./deploys/netlify.ts")),
  railway: () => data(import("./deploys/railway.ts")),
  render: () => data(import("./deploys/render.ts")),
  fly: () => data(import("./deploys/fly.ts")),
  http: async () => (await import("./deploys/http-version.ts")).default,
} satisfies Record<string, Load>;

/** Every built-in provider of index syncs by name. */
export const indexProviders = {
  postgres: async () => (await import("./postgres/postgres.ts")).default,
  meilisearch: () => data(import("./indexes/meilisearch.ts")),
  elasticsearch: () => data(import("./indexes/elasticsearch.ts")),
  opensearch: async () => interpret((await import("./indexes/elasticsearch.ts")).opensearch),
  algolia: () => data(import("./indexes/algolia.ts")),
  "algolia-run": async () => interpret((await import("./indexes/algolia.ts")).run),
  typesense: () => data(import("./indexes/typesense.ts")),
  qdrant: () => data(import("./indexes/qdrant.ts")),
  weaviate: () => data(import("./indexes/weaviate.ts")),
  pinecone: () => data(import("./indexes/pinecone.ts")),
  "pinecone-import": async () => interpret((await import("./indexes/pinecone.ts")).bulkImport),
  npm: () => data(import("./indexes/npm.ts")),
  crates: () => data(import("./indexes/crates.ts")),
} satisfies Record<string, Load>;

/** The provider of that name in a table, or null. */
export async function byName(table: Readonly<Record<string, Load>>, name: string): Promise<TargetWatcher | null> {
  return Object.hasOwn(table, name) ? ((await table[name]?.()) ?? null) : null;
}
