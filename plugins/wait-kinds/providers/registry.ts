import { interpret, type Provider, type Watcher } from "../../../src/plugin.ts";

type Load = () => Promise<Watcher>;

const data = async (module: Promise<{ default: Provider }>) => interpret((await module).default);

/** Every built-in deploy provider by name, in the order in which a reference is tried on them. */
export const deployProviders = {
  github: async () => (await import("./github.ts")).default,
  kubernetes: async () => (await import("./kubernetes.ts")).default,
  vercel: () => data(import("./vercel.ts")),
  "cloudflare-pages": () => data(import("./cloudflare-pages.ts")),
  "workers-builds": () => data(import("./workers-builds.ts")),
  netlify: () => data(import("./netlify.ts")),
  railway: () => data(import("./railway.ts")),
  render: () => data(import("./render.ts")),
  fly: () => data(import("./fly.ts")),
  http: async () => (await import("./http-version.ts")).default,
} satisfies Record<string, Load>;

/** Every built-in provider of index syncs by name. */
export const indexProviders = {
  postgres: async () => (await import("./postgres.ts")).default,
  meilisearch: () => data(import("./meilisearch.ts")),
  elasticsearch: () => data(import("./elasticsearch.ts")),
  opensearch: async () => interpret((await import("./elasticsearch.ts")).opensearch),
  algolia: () => data(import("./algolia.ts")),
  "algolia-run": async () => interpret((await import("./algolia.ts")).run),
  typesense: () => data(import("./typesense.ts")),
  qdrant: () => data(import("./qdrant.ts")),
  weaviate: () => data(import("./weaviate.ts")),
  pinecone: () => data(import("./pinecone.ts")),
  "pinecone-import": async () => interpret((await import("./pinecone.ts")).bulkImport),
  npm: () => data(import("./npm.ts")),
  crates: () => data(import("./crates.ts")),
} satisfies Record<string, Load>;

/** The provider of that name in a table, or null. */
export async function byName(table: Readonly<Record<string, Load>>, name: string): Promise<Watcher | null> {
  return Object.hasOwn(table, name) ? ((await table[name]?.()) ?? null) : null;
}
