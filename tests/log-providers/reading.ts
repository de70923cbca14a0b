import { onTestFinished } from "vitest";
import { limitedFetch } from "../../src/http/fetch.ts";
import type { KnownLogProvider } from "../../src/log-providers/known.ts";
import { type CheckPage, type CiLog, readCiLog } from "../../src/log-providers/log.ts";
import type { LogAsker } from "../../src/provider.ts";
import { type CiServer, type CiVendor, startCi } from "../servers/ci/vendor.ts";
import { BORN } from "../servers/vendors/world.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A CI service on loopback until the test is over, and the variables with which it is asked. */
export async function atService(vendor: CiVendor): Promise<{ server: CiServer; env: Env; page: string }> {
  const server = await startCi(vendor);
  onTestFinished(() => server.close());
  return { server, env: vendor.env(server.url), page: vendor.pages(server.url)[0] ?? "" };
}

/** What asks, with a clock that stands still and patience of five seconds. */
export function logAsker(env: Env): LogAsker {
  return {
    env,
    clock: { now: () => BORN, monotonic: () => 0, sleep: async () => {} },
    fetch: (url, init) => limitedFetch(url, { ...init, timeoutMs: 5_000 }),
  };
}

/** The built-in provider of a service as the only one that is known. */
export const only = ({ provider }: Pick<CiVendor, "provider">): KnownLogProvider[] => [{ provider, problem: null }];

/** Reads the log of a failed check by its page. */
export function read(vendor: CiVendor, url: string, env: Env, more: Partial<CheckPage> = {}): Promise<CiLog | null> {
  return readCiLog({ name: "ci", app: null, url, ...more }, only(vendor), logAsker(env));
}
