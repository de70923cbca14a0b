import crates from "../../../plugins/wait-kinds/providers/indexes/crates.ts";
import type { SyncVendor } from "./sync.ts";

const version = (more: object = {}) => ({
  version: { id: 1, crate: "serde", num: "1.0.200", yanked: false, created_at: "2026-11-20T08:00:00Z", ...more },
});

/** A crate registry's page of one version. */
export const cratesVendor: SyncVendor = {
  provider: crates,
  env: (url) => ({ CRATES_URL: url }),
  ref: "serde@1.0.200",
  auth: null,
  refusal: { status: 403, body: {} },
  notFound: { status: 404, body: { errors: [{ detail: "crate `serde` does not have a version `1.0.200`" }] } },
  path: /^\/api\/v1\/crates\/serde\/1\.0\.200$/,
  states: {
    succeeded: [{ document: version() }],
    failed: [{ document: version({ yanked: true }), reason: "yanked" }],
  },
  strange: null,
};
