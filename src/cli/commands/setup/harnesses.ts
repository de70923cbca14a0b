import { didYouMean } from "../../../base/nearest.ts";
import { UsageError } from "../../../core/errors.ts";
import type { HarnessName } from "../../../harness/harness.ts";
import { HARNESSES, isHarness } from "../../../harness/registry.ts";
import { clientTitle, wiredFiles } from "../../../init/clients.ts";
import { SETUPS } from "../../../init/harnesses/registry.ts";
import type { Context } from "../../program/context.ts";

/** The clients that `--harness` names; without it Claude Code. `found`: what `all` means. @throws {UsageError} for an unknown name. */
export function harnessesOf(wish: string | undefined, found: readonly HarnessName[]): readonly HarnessName[] {
  if (wish === undefined) return ["claude"];
  const names = wish.split(",").map((name) => name.trim());
  const known = [...HARNESSES, "all"];
  for (const name of names)
    if (!known.includes(name))
      throw new UsageError(
        `Cannot set up the harness "${name}"${didYouMean(name, known)}: wanted ${HARNESSES.join(", ")}, or all`,
      );
  if (names.includes("all") && found.length === 0 && names.length === 1)
    throw new UsageError(`Cannot set up "all": no client was found; --harness takes ${HARNESSES.join(", ")}`);
  const wanted = names.includes("all") ? [...found, ...names.filter(isHarness)] : names.filter(isHarness);
  return HARNESSES.filter((name) => wanted.includes(name));
}

/** Those of the clients found, beside Claude Code, whose own files hold nothing of p9; with `--remove`: that hold p9. */
export function unset(
  found: readonly HarnessName[],
  { remove }: { readonly remove?: true },
  { env }: Context,
): readonly HarnessName[] {
  return found.filter((name) => {
    if (name === "claude") return false;
    const isWired = wiredFiles(SETUPS[name], { env, project: null }).wired.length > 0;
    return isWired === (remove === true);
  });
}

/** One line on the clients that were not meant. */
export function othersNote(others: readonly HarnessName[], isRemoved: boolean): readonly string[] {
  if (others.length === 0) return [];
  const titles = others.map(clientTitle).join(", ");
  const command = `p9 init --harness ${others.join(",")}${isRemoved ? " --remove" : ""}`;
  return [`${isRemoved ? "still set up in" : "also found"}: ${titles}: ${command}`];
}
