import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";
import { makeDir, makeFile } from "../../store/files.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that decide what `gh` and the built-in providers can see, whatever the kind. */
const CREDENTIAL_VARIABLES = [
  "GH_TOKEN",
  "GITHUB_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  "GH_HOST",
  "GH_CONFIG_DIR",
  "HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "VERCEL_TOKEN",
  "CLOUDFLARE_API_TOKEN",
  "NETLIFY_AUTH_TOKEN",
  "RAILWAY_TOKEN",
  "RAILWAY_API_TOKEN",
  "FLY_API_TOKEN",
  "RENDER_API_KEY",
  "KUBECONFIG",
  "PGSERVICE",
  "PGPASSWORD",
  "PGHOST",
  "PGUSER",
  "PGDATABASE",
  "MEILISEARCH_API_KEY",
  "ELASTIC_API_KEY",
  "VERCEL_PROJECT_ID",
  "VERCEL_ORG_ID",
  "CLOUDFLARE_ACCOUNT_ID",
  "NETLIFY_SITE_ID",
  "RAILWAY_PROJECT_ID",
  "LINEAR_API_KEY",
] as const;

/** An environment as the log may know it: names, and a keyed hash that tells two apart. Values never touch the disk. */
export interface EnvironmentId {
  readonly env_id: string;
  /** The declared variables that are set. */
  readonly env_names: readonly string[];
}

/** Identifies the environment `env` by the credential variables that are set in it; `more`: names that a wait declares itself. */
export function identifyEnvironment(home: string, env: Env, more: readonly string[] = []): EnvironmentId {
  const names = [...new Set([...CREDENTIAL_VARIABLES, ...more])].filter((name) => env[name]).sort();
  const hash = createHmac("sha256", environmentKey(home));
  for (const name of names) hash.update(`${name}\0${env[name]}\0`);
  return { env_id: hash.digest("hex").slice(0, 12), env_names: names };
}

/** Whether a wait was registered with variables that only it declares, which the shared driver may not have. */
export function hasOwnVariables(names: readonly string[] = []): boolean {
  const shared: readonly string[] = CREDENTIAL_VARIABLES;
  return names.some((name) => !shared.includes(name));
}

/** The home's own key: without it a hash of a short secret could be guessed from the log. */
function environmentKey(home: string): Buffer {
  const path = join(home, "environment.key");
  try {
    const key = readKey(path);
    if (key.length > 0) return key;
  } catch {
    // Made below.
  }
  return newKey(home, path);
}

const readKey = (path: string) => Buffer.from(readSmallFile(path));

function newKey(home: string, path: string): Buffer {
  const key = randomBytes(24).toString("hex");
  try {
    makeDir(home);
    makeFile(path, key);
    return readKey(path);
  } catch {
    // Ignored here: the log cannot be written either, and its writer reports the event.
    return Buffer.from(key);
  }
}
