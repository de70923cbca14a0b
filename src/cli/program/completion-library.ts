import { DegradedError } from "../../core/errors.ts";

/**
 * The completion library.
 *
 * @throws {DegradedError} on a Deno that mixes up the library's optional peers (seen with 2.9.5, in about half of the starts).
 */
export async function completionLibrary() {
  try {
    return await import("@bomb.sh/tab");
  } catch (cause) {
    throw new DegradedError("Cannot load the completion library from source", {
      cause,
      hint: "try again, or use the p9 of npm install -g",
    });
  }
}
