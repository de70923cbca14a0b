import type { IncomingMessage } from "node:http";
import type { LogProvider } from "../../../src/provider.ts";
import { type Answer, type Route, startVendor, type VendorServer } from "../vendors/harness.ts";

/** What a CI service's server shows: one run with two jobs, of which the second failed in its second step. */
export interface CiWorld {
  /** The run's state, as the service spells it. */
  state: string;
  /** What the failed step printed, as the service keeps it. */
  log: readonly string[];
  /** Where logs lie that the service keeps elsewhere. */
  store: string;
}

/** A CI service: its description and a server that answers as it documents. */
export interface CiVendor {
  readonly provider: LogProvider;
  /** Variables with which it is asked at `url`. */
  readonly env: (url: string) => Readonly<Record<string, string>>;
  /** The headers that carry its credential. */
  readonly allows: (headers: IncomingMessage["headers"]) => boolean;
  /** Pages of the failed run that mean the same run, or a job of it: as GitHub shows them. */
  readonly pages: (url: string) => readonly string[];
  /** States by what they mean; the first of `failed` is the world's at first. `null`: HTTP 404 of the run. */
  readonly states: Readonly<Partial<Record<string, readonly (string | null)[]>>>;
  /** Names of what failed; null: the service's log names none. */
  readonly failed: { readonly job: string | null; readonly step: string | null };
  readonly routes: (world: CiWorld) => readonly Route[];
  readonly refusal: Answer;
  readonly notFound: Answer;
  /** How a line stands in a log that is kept elsewhere. */
  readonly stored?: (line: string) => string;
  /** Whether what it shows in public  is read without a credential. */
  readonly isPublic: boolean;
  /** No credential of its own is ever sent. */
  readonly isOpen?: boolean;
}

/** A running server of a CI service, and the store that its logs may lie in. */
export interface CiServer extends VendorServer {
  readonly world: CiWorld;
  readonly store: VendorServer;
}

/** Three lines that compilers print, so that what reads them can be told. */
export const LOG = [
  "$ npx tsc -p .",
  "src/a.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
];

/** Starts a CI service on loopback with its failed run. */
export async function startCi(vendor: CiVendor): Promise<CiServer> {
  const world: CiWorld = { state: vendor.states.failed?.[0] ?? "", log: LOG, store: "" };
  const store = await startVendor({
    allows: () => true,
    refusal: { status: 403, body: "" },
    notFound: { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" },
    routes: [
      ["GET", /^\/kept\/(?:.*\/)?[\w.-]+\.txt$/, () => ({ body: world.log.map(vendor.stored ?? String).join("\n") })],
    ],
  });
  world.store = `${store.url}/kept`;
  const { refusal, notFound } = vendor;
  const allows = (headers: IncomingMessage["headers"]) => vendor.isPublic || vendor.allows(headers);
  const server = await startVendor({ allows, refusal, notFound, routes: vendor.routes(world) });
  return {
    ...server,
    world,
    store,
    close: async () => {
      await Promise.all([server.close(), store.close()]);
    },
  };
}

/** The text of the second job's second step, and nothing where a passed step's text is asked for: nobody should. */
export const passed = (): Answer => ({ status: 500, body: "the log of a step that passed was asked for" });
