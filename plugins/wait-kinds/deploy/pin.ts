import {
  givenValues,
  oneLine,
  type Pin,
  type PluginContext,
  RefError,
  type Values,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { type Choice, chosenEntries, locate, matching } from "./choose.ts";
import { toIdentity } from "./identity.ts";
import { type Commit, localCommit, remoteCommit, rootOf } from "./target.ts";

/** Binds a request to a commit, id, URL or workload, and to whoever is to be asked. */
export async function pin(request: WaitRequest, context: PluginContext): Promise<Pin> {
  const root = await rootOf(context);
  const given = valuesGiven(request);
  const only =
    typeof request.options.provider === "string"
      ? request.options.provider
      : given.url && request.ref === null
        ? "http"
        : null;
  const local = await localCommit(request, context).catch((error: unknown) => {
    // A workload or an id needs no commit.
    if (request.ref === null && (only === "kubernetes" || only === "http")) return null;
    throw error;
  });
  const byForm = local || request.ref === null ? null : await matching(request.ref, only, context);
  if (byForm)
    return pinOf(
      request,
      { ...given, ...byForm.values },
      [await locate(byForm.name, await withHead(byForm, given, context), context, root)],
      root,
      context,
    );
  const commit = local ?? (request.ref !== null && request.network ? await remoteCommit(request.ref, context) : null);
  if (!commit && request.ref !== null) return unresolved(request, context, root);
  const values = { ...given, ...valuesOf(commit), ref: request.ref ?? undefined };
  const names = only ? [only] : commit?.deployment ? ["github"] : chosenEntries(context).map(([name]) => name);
  const choices = await Promise.all(names.map((name) => locate(name, values, context, root)));
  return pinOf(request, values, choices.length > 0 ? choices : null, root, context, commit?.note);
}

/** A URL serves the commit that is here; every other form of reference names its target itself. */
async function withHead({ name, values }: Choice, given: Values, context: PluginContext): Promise<Values> {
  if (name !== "http" || given.expect) return { ...given, ...values };
  const head = await localCommit({ ref: null, argv: [], options: {}, network: false }, context);
  return { ...given, ...values, sha: head?.sha };
}

function unresolved(request: WaitRequest, context: PluginContext, root: string | null): Pin {
  const ref = request.ref ?? "HEAD";
  if (request.network) {
    const where = context.repo ? ` or in ${context.repo}` : "";
    throw new RefError(
      `Cannot watch the deploy of "${oneLine(ref)}": it is no commit, branch, tag, environment or deployment id here${where}`,
    );
  }
  return {
    ref: oneLine(ref, 100),
    key: `deploy:${context.repo ?? root ?? context.cwd}:${ref}`,
    identity: {},
    complete: false,
  };
}

function pinOf(
  request: WaitRequest,
  values: Values,
  choices: readonly Choice[] | null,
  root: string | null,
  context: PluginContext,
  note?: string,
): Pin {
  const where = context.repo ?? root ?? context.cwd;
  const { sha } = values;
  const target =
    choices?.map(({ name, values: own }) => `${name}=${own.id ?? own.workload ?? own.url ?? ""}`).join(",") ?? "auto";
  const short = sha?.slice(0, 7);
  const named = request.ref && !sha?.startsWith(request.ref) ? oneLine(request.ref, 80) : null;
  return {
    ref: [values.environment, named && short && !/^https?:/.test(named) ? `${named}@${short}` : (named ?? short)]
      .filter(Boolean)
      .join(" "),
    key: `deploy:${where}:${sha ?? request.ref}:${values.environment ?? ""}:${target}`,
    history: `deploy:${where}:${values.environment ?? ""}:${choices?.map(({ name }) => name).join(",") ?? "auto"}`,
    repo: context.repo,
    sha: sha ?? null,
    identity: toIdentity({ root, choices, values }),
    complete: true,
    ...(note ? { note } : {}),
  };
}

const FLAGS = ["environment", "url", "image", "namespace", "context"];

function valuesGiven({ options }: WaitRequest): Values {
  const flags = FLAGS.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : []));
  return { ...givenValues(options.param), ...Object.fromEntries(flags) };
}

function valuesOf(commit: Commit | null): Values {
  if (!commit) return {};
  const { sha, environment, deployment } = commit;
  return { sha, ...(environment ? { environment } : {}), ...(deployment ? { deployment } : {}) };
}
