import type { LoadedPolicy } from "../../../config/load.ts";
import type { Env, TrustSubject } from "../../../contract/context.ts";
import type { PluginProblem } from "../../../plugins-host/find/scope.ts";
import { type Asked, askedAbout, isOwn } from "../../../trust/trust.ts";
import type { Context } from "../../program/context.ts";

/** A repository, and the place that the question comes from. */
interface TrustPlace {
  readonly home: string;
  readonly env: Env;
  readonly cwd: string;
  readonly policy: LoadedPolicy;
  /** Root of the repository. */
  readonly root: string;
  /** Called for every part that cannot say what it would run. */
  readonly report?: (problem: PluginProblem) => void;
}

/**
 * Everything that this repository names and that p9 would run or send to, with its current content. Each part declares it by the
 * function with which it asks for trust.
 */
export async function trustSubjects({ policy, root, ...scope }: TrustPlace): Promise<readonly TrustSubject[]> {
  const [{ healSubjects }, { channelSubjects }, { repositoryPlugins }, { partSubjects }] = await Promise.all([
    import("../../../heal/repair/plan.ts"),
    import("../../../notify/sources.ts"),
    import("../../../plugins-host/find/trusted.ts"),
    import("../../../plugins-host/find/runs.ts"),
  ]);
  const named = await repositoryPlugins(scope);
  for (const { subject, problem } of named) {
    if (problem !== null) scope.report?.({ plugin: subject.replace(/^plugin /, ""), message: problem });
  }
  const plugins = named.filter(({ problem }) => problem === null);
  const subjects = [
    ...healSubjects(policy, root),
    ...(await channelSubjects(scope)),
    ...plugins.map(({ problem: _, ...subject }) => subject),
    ...(await partSubjects(scope, { root, policy })),
  ];
  return subjects.filter(({ content }) => !isOwn(policy, content));
}

/** Everything that {@link trustSubjects} names, each compared with what was agreed to; and the parts that could not say. */
export async function trustHere(
  { home, env, cwd, exec }: Pick<Context, "home" | "env" | "cwd" | "exec">,
  policy: LoadedPolicy,
): Promise<{ readonly all: readonly Asked[]; readonly problems: readonly PluginProblem[] }> {
  const { workRoot } = await import("../../../heal/repair/work-root.ts");
  const { PluginProblems } = await import("../../../plugins-host/find/scope.ts");
  const place = { home, env, cwd };
  const root = (await workRoot(cwd, null, { exec, env })) ?? policy.workspace ?? cwd;
  const problems = new PluginProblems();
  const all: Asked[] = [];
  for (const subject of await trustSubjects({ ...place, policy, root, report: problems.report })) {
    all.push(await askedAbout(place, subject));
  }
  return { all, problems: problems.all };
}
