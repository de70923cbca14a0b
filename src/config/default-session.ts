import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import { errorCode, errorText, StateError } from "../core/errors.ts";
import { makeDir, makeFile } from "../store/files.ts";

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
    makeFile(path, `${randomUUID()}\n`);
  } catch (error) {
    throw new StateError(`Cannot keep the session id in "${path}": ${errorText(error)}`, [], { cause: error });
  }
  return readId(path) ?? "";
}

function readId(path: string): string | null {
  try {
    return readSmallFile(path).replace(/\r?\n$/, "") || null;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw new StateError(`Cannot read the session id in "${path}": ${errorText(error)}`, [], { cause: error });
  }
}
