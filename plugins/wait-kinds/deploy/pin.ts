import { oneLine, type Pin, type PluginContext, RefError, type WaitRequest } from "../../../src/plugin.ts";
import { givenValues, type Values } from "../../../src/provider.ts";
import { requireSomebody } from "./auto.ts";
import { type Choice, chosenEntries, folderOf, locate, matching, watcherOf } from "./choose.ts";
import { type Identity, toIdentity } from "./identity.ts";
import { deploys, deploysBranch } from "./implied.ts";
import { type Commit, localCommit, remoteCommit, rootOf } from "./target.ts";

const FLAGS = ["environment", "url", "image", "namespace", "context"];

/** Binds a request to a commit, id, URL or workload, and to its providers. */
export async function pin(request: WaitRequest, context: PluginContext): Promise<Pin> {
  const { ref, options } = request;
  const root = await rootOf(context);
  const at = { root, network: request.network };
  if (ref === null && request.pushed) {
    const { implied, why } = deploysBranch(folderOf(context.cwd, root), request.pushed.branch, context.config);
    if (!implied) throw new RefError(`This push deploys nothing: ${why}`);
  }
  const given = valuesGiven(request);
  const only = typeof options.provider === "string" ? options.provider : given.url ? "http" : null;
  const local = await commitHere(request, only, context);
  const byForm = local || ref === null ? null : await matching(ref, only, context);
  if (byForm) {
    const values = await withHead(byForm, given, context);
    return pinOf(request, context, { root, values, choices: [await locate(byForm.name, values, context, at)] });
  }
  const commit = local ?? (ref !== null && request.network ? await remoteCommit(ref, context) : null);
  if (!commit && ref !== null) return unresolved(request, context, root);
  const values = { ...given, ...valuesOf(commit), ref: ref ?? undefined };
  const names = only ? [only] : commit?.deployment ? ["github"] : entriesFor(request, context);
  const choices = await Promise.all(names.map((name) => locate(name, values, context, at)));
  if (choices.length === 0 && request.network) await requireSomebody(values, context, root);
  const identity = { root, values, choices: choices.length > 0 ? choices : null };
  return { ...(await pinOf(request, context, identity)), ...(commit?.note ? { note: commit.note } : {}) };
}

/** The policy's services; after a push those that deploy its branch. */
function entriesFor({ pushed }: WaitRequest, context: PluginContext): string[] {
  const entries = chosenEntries(context).filter(([name, entry]) => !pushed || deploys(name, entry, pushed.branch));
  return entries.map(([name]) => name);
}

/** The commit in this clone; null when there is none and a workload or a URL needs none. */
async function commitHere(request: WaitRequest, only: string | null, context: PluginContext): Promise<Commit | null> {
  try {
    return await localCommit(request, context);
  } catch (error) {
    if (request.ref === null && (only === "kubernetes" || only === "http")) return null;
    throw error;
  }
}

/** A URL serves the commit that is here; every other form of reference names its target itself. */
async function withHead({ name, values }: Choice, given: Values, context: PluginContext): Promise<Values> {
  if (name !== "http" || given.expect || given.sha) return { ...given, ...values };
  const head = await localCommit({ ref: null, argv: [], options: {}, network: false }, context);
  return { ...given, ...values, sha: head?.sha };
}

function unresolved({ ref, network }: WaitRequest, context: PluginContext, root: string | null): Pin {
  const name = oneLine(ref ?? "HEAD", 100);
  if (network) {
    const where = context.repo ? ` or in ${context.repo}` : "";
    throw new RefError(
      `Cannot watch the deploy of "${name}": it is no commit, branch, tag, environment or deployment id here${where}`,
    );
  }
  return {
    ref: name,
    key: `${placeOf(context, root)}:${name}`,
    identity: ref === null ? {} : { ref },
    complete: false,
  };
}

async function pinOf({ ref }: WaitRequest, context: PluginContext, identity: Identity): Promise<Pin> {
  const { root, values, choices } = identity;
  const { sha, environment = "" } = values;
  const place = placeOf(context, root);
  const targets = choices?.map(({ name, values: own }) =>
    [name, own.id, own.workload, own.url].filter(Boolean).join("="),
  );
  const watchers = await Promise.all((choices ?? []).map(({ name }) => watcherOf(name, context)));
  const titles = [...new Set(watchers.map(({ watcher }) => watcher.title))];
  return {
    ref: [environment, nameOf(ref, sha)].filter(Boolean).join(" "),
    ...(titles.length > 0 ? { title: titles.join(", ") } : {}),
    key: [place, sha ?? ref, environment, targets?.join(",") ?? "auto"].join(":"),
    history: [place, environment, choices?.map(({ name }) => name).join(",") ?? "auto"].join(":"),
    repo: context.repo,
    sha: sha ?? null,
    identity: toIdentity(identity),
    complete: true,
    env: [...new Set(watchers.flatMap(({ watcher }) => watcher.env))],
  };
}

/** `main@3f2a91c`, `3f2a91c`, `deployment/web`. */
function nameOf(ref: string | null, sha: string | undefined): string {
  const short = sha?.slice(0, 7) ?? "";
  if (ref === null || sha?.startsWith(ref)) return short;
  return /[:/]/.test(ref) || !short ? oneLine(ref, 80) : `${oneLine(ref, 60)}@${short}`;
}

function placeOf({ repo, cwd }: PluginContext, root: string | null): string {
  return repo ?? root ?? cwd;
}

function valuesGiven({ options }: WaitRequest): Values {
  const flags = FLAGS.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : []));
  return { ...givenValues(options.param), ...Object.fromEntries(flags) };
}

function valuesOf(commit: Commit | null): Values {
  if (!commit) return {};
  const { sha, environment, deployment } = commit;
  return { sha, ...(environment ? { environment } : {}), ...(deployment ? { deployment } : {}) };
}
