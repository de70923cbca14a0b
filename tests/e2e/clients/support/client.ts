import type { ClientPlace } from "./client-place.ts";

/** A line of arguments, and what the environment has beside a place's. */
export interface Line {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that the client starts by itself. */
export interface McpServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Clients keep variables from their servers. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a client is set up for a scripted model, and started. */
export interface Client {
  readonly name: string;
  /** Writes the client's settings; `mcp`: servers that it knows. */
  settle(place: ClientPlace, mcp: readonly McpServer[]): void;
  /** One prompt, without a terminal. */
  headless(prompt: string): Line;
  /** The client at a terminal; undefined: it is not driven there. */
  readonly terminal?: Line;
  /** Environment of every start. */
  env(place: ClientPlace): Record<string, string>;
}
