import { join } from "node:path";
import { type CheckResult, runChecks } from "../../../conformance/check.ts";
import type { FaultProxies } from "../../../conformance/fault-proxy.ts";
import type { PluginContext } from "../../../contract/context.ts";
import type { Options } from "../../../contract/options.ts";
import type { WaitRequest } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { createGitHub } from "../../../github/client.ts";
import type { Host } from "../../../plugins-host/call/host.ts";
import { makePluginContext } from "../../../plugins-host/context.ts";
import type { NotifierData, QueueSourceData, WaitKindData } from "../../../plugins-host/find/description.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import type { TestOptions } from "./test-options.ts";

/** One part of a plugin. */
export type PartOf =
  | { readonly type: "wait kind"; readonly data: WaitKindData }
  | { readonly type: "queue source"; readonly data: QueueSourceData }
  | { readonly type: "notifier"; readonly data: NotifierData };

/** Where a test runs: a state directory of its own and a working directory. */
export interface TestPlace {
  readonly home: string;
  readonly env: Context["env"];
  readonly cwd: string;
  /** For programs: proxies that fail. */
  readonly proxies: FaultProxies;
}

/** Runs the suite of the part's type over the part as p9 itself would call it. */
export async function testPart(
  context: Context,
  plugin: Host,
  part: PartOf,
  place: TestPlace,
  given: TestOptions,
): Promise<readonly CheckResult[]> {
  const host = { ready: async () => plugin };
  const { proxies } = place;
  const own = [paths(place.home).data, paths(place.home).logs];
  const folders = { watched: [place.cwd, place.home], own };
  const base = () => makeContext(context, part, place);
  const options = () => checkOptions(`${part.type} "${part.data.name}"`, part.data.options ?? {}, pairs(given.option));
  switch (part.type) {
    case "wait kind": {
      const { wrapWaitKind } = await import("../../../plugins-host/parts/wait-kind.ts");
      const { waitKindChecks } = await import("../../../conformance/wait-kind.ts");
      const request = requestOf(part.data, given, options);
      return runChecks(
        waitKindChecks({ kind: wrapWaitKind(host, part.data), request, context: base, folders, proxies }),
      );
    }
    case "queue source": {
      const { wrapQueueSource } = await import("../../../plugins-host/parts/queue-source.ts");
      const { queueSourceChecks } = await import("../../../conformance/queue-source.ts");
      const source = wrapQueueSource(host, part.data, {});
      const asked = options();
      const root = given.here ? place.cwd : null;
      const rest = { root, sessions: [], pr: null, etaS: null, limit: 20, options: asked };
      const diff = { changedFiles: async () => [], diff: async () => "" };
      return runChecks(
        queueSourceChecks({ source, context: () => ({ ...base(), ...rest, ...diff }), folders, proxies }),
      );
    }
    case "notifier": {
      const { wrapNotifier } = await import("../../../plugins-host/parts/notifier.ts");
      const { notifierChecks } = await import("../../../conformance/notifier.ts");
      const notifier = wrapNotifier(host, part.data, {});
      const asked = options();
      return runChecks(notifierChecks({ notifier, context: () => ({ ...base(), options: asked }), folders, proxies }));
    }
  }
}

function makeContext({ exec, clock }: Context, part: PartOf, place: TestPlace): PluginContext {
  const github = createGitHub({ exec, env: place.env, clock, home: join(place.home, "github") });
  return makePluginContext({ ...place, plugin: part.data.name, github, exec, clock });
}

function requestOf(data: WaitKindData, given: TestOptions, options: () => Options): WaitRequest | null {
  const [example] = data.examples ?? [];
  if (given.ref !== undefined) return { ref: given.ref, argv: [], options: options(), network: true };
  if (!example) return null;
  const checked = checkOptions(`wait kind "${data.name}"`, data.options ?? {}, {
    ...example.options,
    ...pairs(given.option),
  });
  return { ref: example.ref, argv: example.argv ?? [], options: checked, network: true };
}

/** `--option name=value`, by name; repeated ones are lists. */
function pairs(given: readonly string[] = []): Readonly<Record<string, unknown>> {
  const values: Record<string, string | string[]> = {};
  for (const pair of given) {
    const at = pair.indexOf("=");
    if (at <= 0) throw new UsageError(`Cannot use --option "${pair}": wanted name=value`);
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const before = values[name];
    values[name] = before === undefined ? value : [before, value].flat();
  }
  return values;
}
