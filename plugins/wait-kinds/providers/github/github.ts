import { type GitHubError, githubNow, inLocalTime, listAt, numberAt } from "../../../../src/github.ts";
import {
  type Evidence,
  type LookContext,
  ObservationError,
  oneLine,
  outsidePattern,
  type Pattern,
} from "../../../../src/plugin.ts";
import { interpret, type TargetLook, type TargetWatcher, tellingLines, type Values } from "../../../../src/provider.ts";
import { combine } from "../combine.ts";
import type { GitHubItem } from "./items.ts";
import { idOf } from "./on-github.ts";
import { readShown } from "./read.ts";
import { runsOfDeploys, withReviewers } from "./runs.ts";

/**
 * A commit's deploys are reported one after the other: seconds without a new one before they count as complete
 * (`ci_watch.settle`).
 */
const QUIET_S = 30;

/** What GitHub shows for a commit: deployments, and the check runs and statuses of known deploy services. One request. */
const github: TargetWatcher = {
  name: "github",
  title: "GitHub",
  env: ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"],
  harmless: ["items", "environment"],
  ready: () => true,
  match: async () => null,
  locate: async (given) => ({ values: given, missing: given.sha || given.deployment ? [] : ["sha"], how: "a commit" }),
  look,
};
export default github;

async function look(values: Values, context: LookContext): Promise<TargetLook> {
  const { items: all, missing } = await itemsOf(values, context);
  const items = await withReviewers(
    newest(all).filter((item) => isWanted(item, values)),
    context,
  );
  const seen = items.some((item) => item.replaced && item.state === "skipped") ? replaced(items) : combine(items);
  // A seen failure counts; nothing else is concluded from a part.
  if (missing && seen !== "failed") throw missing;
  const runs = seen === "succeeded" ? await runsOfDeploys(items, context) : null;
  const status = runs?.goesOn ? "running" : seen;
  const evidence = status === "failed" ? await evidenceOf(items, context) : [];
  const ends = items.flatMap((item) => item.endedAt ?? []);
  const told: TargetLook = {
    status,
    values,
    reason: runs?.goesOn ? `${reasonOf("succeeded", items, values)}; ${runs.goesOn}` : reasonOf(status, items, values),
    items: items.map(({ name, state, url, detail, startedAt, endedAt }) => ({
      name,
      state,
      url,
      detail,
      startedAt,
      endedAt,
    })),
    unknown: items
      .filter(({ state }) => state === "unknown")
      .map(({ name, raw }) => `GitHub state "${oneLine(raw, 60)}" of "${name}"`),
    progress: progressOf(items),
    ...(runs?.note ? { note: runs.note } : {}),
    ...(evidence.length > 0 ? { evidence } : {}),
    ...(status !== "running" && ends.length > 0 ? { endedAt: Math.max(...ends) } : {}),
    settle:
      status === "succeeded"
        ? { looks: 2, notBefore: quietSince(items, context) + 1000 * (numberAt(context.config, "settle") ?? QUIET_S) }
        : { looks: 1 },
  };
  return inLocalTime(told, context);
}

/** Something of the commit was replaced: what still runs or failed counts first. */
function replaced(items: readonly GitHubItem[]) {
  const rest = combine(items.filter((item) => !item.replaced));
  return ["failed", "running", "blocked"].includes(rest) && items.some((item) => !item.replaced) ? rest : "superseded";
}

async function itemsOf(
  { sha = "" }: Values,
  context: LookContext,
): Promise<{ readonly items: readonly GitHubItem[]; readonly missing: GitHubError | null }> {
  if (!context.repo)
    throw new ObservationError("Cannot ask GitHub: the repository is unknown", {
      needs: "--repo owner/name",
      lasting: true,
    });
  const { items, missing, withheld } = await readShown(context.github, context.repo, sha, expressions(context));
  // Withheld is not "nothing there": report it when nothing else was seen.
  if (items.length === 0 && withheld) throw withheld;
  return { items, missing };
}

/** Further names of checks and statuses that are deploys: `ci_watch.providers.github.items`. */
function expressions(context: LookContext): Pattern[] {
  return listAt(context.config, "providers", "github", "items").flatMap((item) => {
    try {
      return typeof item === "string" ? [outsidePattern(item, "i")] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Of several deployments of the commit to one environment by one creator only the newest counts; with it the others of the run that makes
 * it, for each of a run's jobs that names the environment makes one.
 */
function newest(items: readonly GitHubItem[]): GitHubItem[] {
  const age = (item: GitHubItem) => (item.startedAt ?? 0) + (item.id ?? 0) / 1e15;
  return items.filter(
    (item) =>
      item.kind !== "deployment" ||
      !items.some(
        (other) =>
          other.kind === "deployment" &&
          other.environment === item.environment &&
          other.creator === item.creator &&
          (item.run === null || other.run !== item.run) &&
          age(other) > age(item),
      ),
  );
}

function isWanted(item: GitHubItem, { environment, deployment }: Values): boolean {
  if (deployment !== undefined) return String(item.id) === deployment;
  if (environment === undefined) return true;
  const name = item.environment?.toLowerCase();
  const asked = environment.toLowerCase();
  return name === asked || Boolean(name?.startsWith(`${asked} –`) || name?.startsWith(`${asked} -`));
}

/** When the last item that was not there before appeared, by GitHub's clock; kept from look to look. */
function quietSince(items: readonly GitHubItem[], context: LookContext): number {
  const names = items.map(({ kind, name }) => `${kind}:${name}`).sort();
  const known = listAt(context.memory, "names");
  const before = context.memory.quietSince;
  const isOld = names.every((name) => known.includes(name)) && typeof before === "number";
  const now = githubNow(context);
  const started = Math.max(...items.map((item) => item.startedAt ?? now));
  const since = isOld ? before : Math.min(started, now);
  if (!isOld) context.remember({ ...context.memory, names, quietSince: since });
  return since;
}

function progressOf(items: readonly GitHubItem[]) {
  const total = items.length;
  const done = items.filter(({ state }) => !["queued", "running", "unknown", "blocked"].includes(state)).length;
  return total > 1 ? { done, total, percent: Math.round((100 * done) / total), phase: null } : null;
}

function reasonOf(status: string, items: readonly GitHubItem[], { sha = "", environment }: Values): string {
  const where = environment ? ` in "${oneLine(environment, 60)}"` : "";
  if (items.length === 0) return `GitHub shows no deployment of ${sha.slice(0, 7)}${where} yet`;
  const telling = items.filter(({ state }) => state === status || (status === "running" && state === "queued"));
  const shown = (telling.length > 0 ? telling : items)
    .slice(0, 5)
    .map(
      ({ name, detail, raw, replaced: gone }) =>
        `"${name}" ${gone ? "was replaced by a newer deploy" : (detail ?? raw.toLowerCase())}`,
    );
  return `${sha.slice(0, 7)} ${status}: ${shown.join(", ")}`;
}

/** The vendor's own log lines where its credentials are at hand, else what GitHub itself tells. */
async function evidenceOf(items: readonly GitHubItem[], context: LookContext): Promise<Evidence[]> {
  const failed = items.filter(({ state }) => state === "failed").slice(0, 3);
  const found = await Promise.all(
    failed.map(async (item) => [...(await fromVendor(item, context)), ...fromGitHub(item)]),
  );
  return found.flat();
}

async function fromVendor({ vendor, hints }: GitHubItem, context: LookContext): Promise<readonly Evidence[]> {
  const id = vendor && idOf(vendor, hints);
  const watcher = vendor && interpret(vendor.provider);
  if (!id || !watcher?.ready(context.env)) return [];
  try {
    const { values, missing } = await watcher.locate({ id }, context);
    return missing.length > 0 ? [] : ((await watcher.look(values, context)).evidence ?? []);
  } catch (error) {
    return [
      {
        job: watcher.title,
        text: oneLine(`The log could not be read: ${error instanceof Error ? error.message : error}`, 300),
      },
    ];
  }
}

function fromGitHub({ name, url, detail, hints, raw }: GitHubItem): Evidence[] {
  const lines = tellingLines(
    [...new Set([detail ?? "", ...hints])].flatMap((text) => text.split("\n")).filter((text) => !/^https?:/.test(text)),
  );
  const texts = lines.length > 0 ? lines.map(({ text }) => text) : [raw.toLowerCase()];
  return texts.map((text) => ({ job: name, text, ...(url ? { url } : {}) }));
}
