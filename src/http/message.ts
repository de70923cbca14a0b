import type { FetchInit } from "../contract/context.ts";

/** One request, as it is sent. */
export interface Sent extends Pick<FetchInit, "headers" | "body" | "privateHosts"> {
  readonly method: string;
  readonly signal: AbortSignal;
}

/** An answer, before its body is read. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Leaves the body unread. */
  drop(): Promise<void>;
}
