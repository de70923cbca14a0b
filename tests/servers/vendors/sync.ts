import type { Provider, ProviderStatus } from "../../../src/provider.ts";
import { type Answer, startVendor, type VendorServer } from "./harness.ts";

/** A document in the vendor's shape, and what must come of it. */
export interface Situation {
  readonly document: unknown;
  readonly percent?: number;
  readonly phase?: string;
  readonly reason?: string;
  readonly evidence?: string;
}

/** A vendor of indexes, tasks or imports: its description, the paths it serves and documents by status. */
export interface SyncVendor {
  readonly provider: Provider;
  readonly env: (url: string) => Record<string, string>;
  readonly ref: string;
  /** The header that must carry the credential, and its value; null: the vendor takes none. */
  readonly auth: readonly [name: string, value: string] | null;
  readonly refusal: Answer;
  readonly notFound: Answer;
  readonly path: RegExp;
  readonly states: Partial<Record<ProviderStatus, readonly Situation[]>>;
  /** A document with a state that does not exist today; null where there is no list of states. */
  readonly strange: unknown;
  /** Headers of every good answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further documents by path. */
  readonly more?: readonly (readonly [path: RegExp, document: (current: unknown) => unknown])[];
}

/** What the server serves now; undefined: the target does not exist. */
export interface Shown {
  document: unknown;
}

/** Starts the vendor's server. */
export async function startSyncVendor(vendor: SyncVendor): Promise<VendorServer & { shown: Shown }> {
  const shown: Shown = { document: undefined };
  const { auth, refusal, notFound, path, headers, more = [] } = vendor;
  const server = await startVendor({
    allows: (headers) => auth === null || headers[auth[0].toLowerCase()] === auth[1],
    refusal,
    notFound,
    routes: [
      ["GET", path, () => (shown.document === undefined ? undefined : { headers, body: shown.document })],
      ...more.map(([expression, document]) => ["GET", expression, () => ({ body: document(shown.document) })] as const),
    ],
  });
  return { ...server, shown };
}
