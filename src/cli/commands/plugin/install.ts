import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneLine } from "../../../base/text.ts";
import { ExternalError } from "../../../core/errors.ts";
import { packagesFolder } from "../../../plugins-host/packages-folder.ts";
import { makeDir } from "../../../store/files.ts";
import { withLock } from "../../../store/lock/lock.ts";
import type { Context } from "../../program/context.ts";

const TIMEOUT_MS = 180_000;

/** Has npm install or uninstall a package in the folder of the user's plugins, without install scripts and without p9 as its peer. */
export async function npm(context: Context, verb: "install" | "uninstall", spec: string): Promise<void> {
  const folder = packagesFolder(context.home);
  makeDir(folder);
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm reads no flag after the "--" that keeps a package from being one.
  const run = () =>
    context.exec(["npm", verb, ...flags, "--", spec], { cwd: folder, env: context.env, timeoutMs: TIMEOUT_MS });
  // Two of them in one folder lose packages.
  const { code, stderr, notFound, timedOut } = await withLock(`${folder}.lock`, run, { timeoutMs: TIMEOUT_MS });
  if (notFound) throw new ExternalError("Cannot install a package: npm is not on PATH");
  if (timedOut) throw new ExternalError(`Cannot install a package: npm did not end within ${TIMEOUT_MS / 1000} s`);
  if (code !== 0) throw new ExternalError(`Cannot install a package: npm says: ${oneLine(stderr, 400)}`);
}
