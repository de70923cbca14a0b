import { join } from "node:path";
import { type CheckResult, runChecks } from "../../../conformance/check.ts";
import type { FaultProxies } from "../../../conformance/fault-proxy.ts";
import type { PluginContext } from "../../../contract/context.ts";
import type { Options } from "../../../contract/options.ts";
import type { WaitExample, WaitKind, WaitRequest } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { createGitHub } from "../../../github/client.ts";
import type { Host } from "../../../plugins-host/call/host.ts";
import { makePluginContext } from "../../../plugins-host/context.ts";
import type { Description } from "../../../plugins-host/find/description.ts";
import type { Part } from "../../../plugins-host/find/resolve.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import type { TestOptions } from "./test-options.ts";

/** Where a test runs: a state directory of its own and a working directory. */
export interface TestPlace {
  readonly home: string;
  readonly env: Context["env"];
  readonly cwd: string;
  /** For programs: proxies that fail. */
  readonly proxies: FaultProxies;
}

/** The parts of a third party's plugin, wrapped as p9 calls them. */
export async function partsOf(plugin: Host, { waitKinds, queueSources, notifiers }: Description): Promise<Part[]> {
  const host = { ready: async () => plugin };
  const [{ wrapWaitKind }, { wrapQueueSource }, { wrapNotifier }] = await Promise.all([
    import("../../../plugins-host/parts/wait-kind.ts"),
    import("../../../plugins-host/parts/queue-source.ts"),
    import("../../../plugins-host/parts/notifier.ts"),
  ]);
  return [
    ...(waitKinds ?? []).map((data): Part => ({ type: "wait kind", part: wrapWaitKind(host, data) })),
    ...(queueSources ?? []).map((data): Part => ({ type: "queue source", part: wrapQueueSource(host, data, {}) })),
    ...(notifiers ?? []).map((data): Part => ({ type: "notifier", part: wrapNotifier(host, data, {}) })),
  ];
}

/** Runs the suite of the part's type over the part. */
export async function testPart(
  context: Context,
  { type, part }: Part,
  place: TestPlace,
  given: TestOptions,
): Promise<readonly CheckResult[]> {
  const { proxies } = place;
  const own = [paths(place.home).data, paths(place.home).logs];
  const folders = { watched: [place.cwd, place.home], own };
  const base = () => makeContext(context, part.name, place);
  const options = (example?: WaitExample) =>
    checkOptions(`${type} "${part.name}"`, part.options ?? {}, { ...example?.options, ...pairs(given.option) });
  switch (type) {
    case "wait kind": {
      const { waitKindChecks } = await import("../../../conformance/wait-kind.ts");
      const request = requestOf(part, given, options);
      return runChecks(waitKindChecks({ kind: part, request, context: base, folders, proxies }));
    }
    case "queue source": {
      const { queueSourceChecks } = await import("../../../conformance/queue-source.ts");
      const root = given.here ? place.cwd : null;
      const rest = { root, sessions: [], pr: null, etaS: null, limit: 20, options: options() };
      const diff = { changedFiles: async () => [], diff: async () => "" };
      return runChecks(
        queueSourceChecks({ source: part, context: () => ({ ...base(), ...rest, ...diff }), folders, proxies }),
      );
    }
    case "notifier": {
      const { notifierChecks } = await import("../../../conformance/notifier.ts");
      const asked = options();
      return runChecks(
        notifierChecks({ notifier: part, context: () => ({ ...base(), options: asked }), folders, proxies }),
      );
    }
  }
}

function makeContext({ exec, clock }: Context, plugin: string, place: TestPlace): PluginContext {
  const github = createGitHub({ exec, env: place.env, clock, home: join(place.home, "github") });
  return makePluginContext({ ...place, plugin, github, exec, clock });
}

function requestOf(
  { examples = [] }: WaitKind,
  given: TestOptions,
  options: (example?: WaitExample) => Options,
): WaitRequest | null {
  const [example] = examples;
  if (given.ref !== undefined) return { ref: given.ref, argv: [], options: options(), network: true };
  if (!example) return null;
  return { ref: example.ref, argv: example.argv ?? [], options: options(example), network: true };
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
