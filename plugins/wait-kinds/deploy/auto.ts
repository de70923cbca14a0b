import { GitHubError, unknownRepository } from "../../../src/github.ts";
import { type LookContext, ObservationError, type PluginContext, RefError } from "../../../src/plugin.ts";
import type { TargetLook, Values } from "../../../src/provider.ts";
import github from "../providers/github/github.ts";
import { hintedProviders } from "../providers/hinted.ts";
import { type Choice, folderOf, watcherOf } from "./choose.ts";
import { hintsIn } from "./hints.ts";

/** A look without configured providers, and the choice for later looks. */
export interface AutoLook {
  readonly result: TargetLook;
  readonly taken: Choice | null;
  readonly note?: string;
}

/**
 * Asks GitHub; when it shows nothing (or cannot be asked), asks the providers whose files are here and whose credentials are set.
 */
export async function lookAuto(values: Values, context: LookContext, root: string | null): Promise<AutoLook> {
  const hinted = await usable(values, context, root);
  const seen = context.repo ? await github.look(values, context).catch(keep) : null;
  if (seen && !(seen instanceof ObservationError) && seen.status !== "waiting") {
    return {
      result: seen,
      taken: { name: "github", values },
      note: `took what GitHub shows: ${(seen.items ?? []).map(({ name }) => `"${name}"`).join(", ")}`,
    };
  }
  const looks: TargetLook[] = [];
  for (const { name, file, choice } of hinted) {
    const { watcher } = await watcherOf(name, context);
    const result = await watcher.look(choice.values, context);
    looks.push(result);
    if (result.status === "waiting" && result.values.id === undefined) continue;
    const why = seen instanceof ObservationError ? "GitHub cannot be asked" : "GitHub shows nothing";
    return {
      result,
      taken: { name, values: result.values },
      note: `took ${watcher.title}: ${why}, and there is a ${file}`,
    };
  }
  if (seen instanceof ObservationError && looks.length === 0) throw seen;
  if (seen === null && looks.length === 0) {
    throw new ObservationError(
      "Cannot tell who deploys this: the repository is unknown and no deploy service is set up here",
      {
        needs: "--provider, or --repo owner/name",
        lasting: true,
      },
    );
  }
  return { result: nothingYet(values, seen, looks), taken: null };
}

/**
 * Refuses a deploy that nobody can be asked about when the watch starts: no repository or no login, and no deploy service.
 *
 * @throws {RefError} naming why.
 */
export async function requireSomebody(values: Values, context: PluginContext, root: string | null): Promise<void> {
  if ((await usable(values, context, root)).length > 0) return;
  const why = context.repo === null ? unknownRepository(context.env) : await whyNotOnGitHub(context.repo, context);
  if (why === null) return;
  throw new RefError(
    `Cannot tell who deploys this: no deploy service is set up here (--provider names one), and ${why}`,
  );
}

/** Why GitHub will not say anything of a repository, however long one waits; null when it may. */
async function whyNotOnGitHub(repo: string, { github }: PluginContext): Promise<string | null> {
  try {
    await github.repository(repo, "nameWithOwner");
    return null;
  } catch (error) {
    if (!(error instanceof GitHubError)) return null;
    const lasts = error.lasting || error.problem === "not-logged-in" || error.problem === "unauthorized";
    return lasts && error.problem !== "forbidden" ? error.message : null;
  }
}

async function usable(values: Values, context: PluginContext, root: string | null) {
  const folder = folderOf(context.cwd, root);
  const found = [];
  for (const { name, file } of hintsIn(folder, hintedProviders)) {
    const { watcher } = await watcherOf(name, context);
    const { values: located, missing } = await watcher.locate(values, { env: context.env, cwd: folder });
    if (watcher.ready(context.env) && missing.length === 0)
      found.push({ name, file, choice: { name, values: located } });
  }
  return found;
}

function nothingYet(
  values: Values,
  seen: TargetLook | ObservationError | null,
  looks: readonly TargetLook[],
): TargetLook {
  const reasons = [
    ...(seen instanceof ObservationError || seen === null ? [] : [seen.reason]),
    ...looks.map(({ reason }) => reason),
  ];
  const next =
    looks.find((one) => one.next !== undefined)?.next ?? (seen instanceof ObservationError ? undefined : seen?.next);
  return { status: "waiting", reason: reasons.join("; "), ...(next === undefined ? {} : { next }), values };
}

/** Keeps GitHub's observation error, which is reported only when no other provider can be asked. */
function keep(error: unknown): ObservationError {
  if (error instanceof ObservationError) return error;
  throw error;
}
