import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, errorText, StateError } from "../core/errors.ts";
import { makeDir } from "../store/files.ts";

/**
 * The session id of a process without one: made once per state directory and kept in `session-default.id`.
 *
 * @throws {StateError} when it can be neither read nor kept.
 */
export function defaultSession(home: string): string {
  const path = join(home, "session-default.id");
  const known = readId(path);
  if (known) return known;
  try {
    makeDir(home);
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, `${randomUUID()}\n`, { mode: 0o600 });
    try {
      // Link instead of rename: of two processes that start at once, the second takes the first one's id.
      linkSync(fresh, path);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
      if (!readId(path)) writeFileSync(path, readFileSync(fresh), { mode: 0o600 });
    } finally {
      rmSync(fresh, { force: true });
    }
  } catch (error) {
    throw new StateError(`Cannot keep the session id in "${path}": ${errorText(error)}`, [], { cause: error });
  }
  return readId(path) ?? "";
}

function readId(path: string): string | null {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "") || null;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw new StateError(`Cannot read the session id in "${path}": ${errorText(error)}`, [], { cause: error });
  }
}
