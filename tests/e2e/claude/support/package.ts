import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PackageServer, type Published, startPackageServer } from "../../../servers/npm/package-server.ts";
import { REGISTRY_URL, REPO, type World } from "./world.ts";

/** This build as npm packs it. */
export function packThis(folder: string): Published {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const file = execFileSync("npm", args, { cwd: REPO, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  return { manifest: JSON.parse(readFileSync(join(REPO, "package.json"), "utf8")), tarball: join(folder, file) };
}

/** Unpacks a package; the folder that holds it. */
export function unpack({ tarball }: Published, folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  return join(folder, "package");
}

/** The same package under another version. */
export function asVersion(version: string, of: Published, folder: string): Published {
  const root = unpack(of, join(folder, version));
  for (const file of ["package.json", ".claude-plugin/plugin.json", "dist/base.js"]) {
    const text = readFileSync(join(root, file), "utf8");
    const other = text.replace(/("version": |VERSION=)"[\d.]+"/, `$1"${version}"`);
    if (other === text) throw new Error(`No version in ${file}`);
    writeFileSync(join(root, file), other);
  }
  const tarball = join(folder, `${version}.tgz`);
  execFileSync("tar", ["-czf", tarball, "-C", join(folder, version), "package"]);
  return { manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")), tarball };
}

/** A clone of the repository, as far as the client looks at one that is a marketplace. */
export class Clone {
  readonly folder: string;

  constructor(world: World) {
    this.folder = join(world.root, "clone");
    mkdirSync(this.folder);
    cpSync(join(REPO, ".claude-plugin"), join(this.folder, ".claude-plugin"), { recursive: true });
  }

  /** Pulls the commit that names this version. */
  pull(version: string): void {
    const path = join(this.folder, ".claude-plugin/marketplace.json");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(/"version": "[\d.]+"/g, `"version": "${version}"`));
  }
}

/** A registry that the client reaches. */
export function startRegistryFor(world: World): Promise<PackageServer> {
  return startPackageServer(world.registrySocket, REGISTRY_URL);
}
