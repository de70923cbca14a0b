import { harnessOf } from "../harness/harness.ts";
import type { Waker } from "./waker.ts";

/** Wakers by harness: of clients that a program outside can start a turn of. */
const WAKERS: Readonly<Record<string, () => Promise<Waker>>> = {
  codex: async () => (await import("./codex.ts")).codex,
};

/** Whether a session's client has a waker. */
export function hasWaker(client: string): boolean {
  return Object.hasOwn(WAKERS, harnessOf(client));
}

/** The waker of a session's client; undefined: it has none. */
export function wakerOf(client: string): Promise<Waker> | undefined {
  return hasWaker(client) ? WAKERS[harnessOf(client)]?.() : undefined;
}
