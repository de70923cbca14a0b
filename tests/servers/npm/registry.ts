import { startVendor, type VendorServer } from "../vendors/harness.ts";

/** A registry that serves the packages in `versions`, as far as the real `npm view` asks. */
export async function startRegistry(token?: string): Promise<VendorServer & { versions: Record<string, string[]> }> {
  const versions: Record<string, string[]> = {};
  const server = await startVendor({
    allows: ({ authorization }) => token === undefined || authorization === `Bearer ${token}`,
    refusal: { status: 401, body: { error: "unauthorized" } },
    notFound: { status: 404, body: { error: "not_found" } },
    routes: [
      [
        "GET",
        /^\/(?<name>[^/]+)$/,
        ({ groups: { name = "" } }) => {
          const known = versions[name];
          return known && { body: packument(name, known) };
        },
      ],
    ],
  });
  return { ...server, versions };
}

function packument(name: string, versions: readonly string[]) {
  const entries = versions.map((version) => [
    version,
    { name, version, dist: { tarball: "http://127.0.0.1/x.tgz", shasum: "0".repeat(40) } },
  ]);
  return {
    name,
    "dist-tags": { latest: versions.at(-1) },
    versions: Object.fromEntries(entries),
    modified: "2026-11-20T08:00:00.000Z",
  };
}
