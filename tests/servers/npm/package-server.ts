import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** A version of a package: its package.json, and the archive that `npm pack` made. */
export interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: string;
}

/** A registry on a unix socket from which the real npm installs. */
export interface PackageServer {
  readonly published: Published[];
  /** Paths that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts one. `url`: where npm reaches the socket. */
export async function startPackageServer(socket: string, url: string): Promise<PackageServer> {
  const published: Published[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    asked.push(path);
    const archive = published.find(({ manifest }) => path === archiveOf(manifest));
    const versions = published.filter(({ manifest }) => manifest.name === path);
    if (archive) response.end(readFileSync(archive.tarball));
    else if (versions.length > 0)
      response.setHeader("content-type", "application/json").end(JSON.stringify(packument(path, versions, url)));
    else response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not_found"}');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  server.unref();
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { published, asked, close };
}

const archiveOf = ({ name, version }: Published["manifest"]) => `${name}/-/${version}.tgz`;

/** What npm reads first: every version, and which one is the latest. */
function packument(name: string, versions: readonly Published[], url: string) {
  const entries = versions.map(({ manifest, tarball }) => {
    const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    return [manifest.version, { ...manifest, dist: { tarball: `${url}/${archiveOf(manifest)}`, integrity } }] as const;
  });
  return { name, "dist-tags": { latest: entries.at(-1)?.[0] }, versions: Object.fromEntries(entries) };
}
