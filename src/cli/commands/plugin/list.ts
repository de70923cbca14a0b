import { formatDuration } from "../../../base/duration.ts";
import { type Known, knownPlugins } from "../../../plugins-host/find/catalog.ts";
import { sumCalls } from "../../../plugins-host/find/journal.ts";
import type { Context } from "../../program/context.ts";
import { broken } from "../../show/styled.ts";

/** `p9 plugin list`: asks every trusted plugin anew what it provides. */
export async function listPlugins(context: Context): Promise<void> {
  const { home, env, place: cwd } = context;
  const problems: string[] = [];
  const scope = { home, env, cwd, report: ({ message }: { readonly message: string }) => void problems.push(message) };
  const known = await knownPlugins(scope, { anew: true });
  const rows = known.map((one) => row(home, one));
  for (const problem of problems) context.warn(problem);
  if (problems.length > 0 || rows.some(({ problem }) => problem !== null)) context.exit(1);
  if (context.json) return context.printJson({ plugins: rows });
  if (rows.length === 0)
    context.print('No plugins: "p9 plugin new source <name>" writes one, "p9 plugin add" uses one');
  else
    for (const one of rows)
      for (const line of lines(one)) for (const text of broken(line, context.columns)) context.print(text);
}

function row(home: string, { plugin, target, description, trusted, problem }: Known) {
  const { calls, ms, failed, lastError } = sumCalls(home, target ?? { spec: plugin.use, path: "" });
  return {
    plugin: plugin.use,
    name: description?.name ?? null,
    version: description?.version ?? null,
    from: plugin.file,
    trusted,
    wait_kinds: (description?.waitKinds ?? []).map(({ name }) => name),
    queue_sources: (description?.queueSources ?? []).map(({ name }) => name),
    notifiers: (description?.notifiers ?? []).map(({ name }) => name),
    log_providers: (description?.logProviders ?? []).map(({ name }) => name),
    reviewers: (description?.reviewers ?? []).map(({ name }) => name),
    problem,
    calls,
    failed,
    spent_ms: ms,
    last_error: lastError,
  };
}

function lines(one: ReturnType<typeof row>): readonly string[] {
  const provides = [
    ...one.wait_kinds.map((name) => `wait kind ${name}`),
    ...one.queue_sources.map((name) => `queue source ${name}`),
    ...one.notifiers.map((name) => `notifier ${name}`),
    ...one.log_providers.map((name) => `log provider ${name}`),
    ...one.reviewers.map((name) => `reviewer ${name}`),
  ];
  const { last_error: last } = one;
  const spent = one.spent_ms < 1000 ? `${one.spent_ms} ms` : formatDuration(one.spent_ms / 1000);
  return [
    `${one.name ?? one.plugin}${one.version ? ` ${one.version}` : ""}  (${one.plugin}, ${one.trusted ? "trusted" : "not trusted"})`,
    `  provides   ${provides.join(", ") || "unknown"}`,
    `  named in   ${one.from}`,
    `  calls      ${one.calls}, ${one.failed} failed, ${spent}`,
    ...(one.problem ? [`  problem    ${one.problem}`] : []),
    ...(last ? [`  last error ${last.ts} in ${last.call}: ${last.message}`] : []),
  ];
}
