import { isObject } from "../../../base/json.ts";
import type { LoadedPolicy } from "../../../config/load.ts";
import type { Options } from "../../../contract/options.ts";
import type { Pin, WaitKind } from "../../../contract/wait-kind.ts";
import { errorText } from "../../../core/errors.ts";
import { makePluginContext } from "../../../plugins-host/context.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import type { Context } from "../../program/context.ts";

/** What was asked for on the command line. */
export interface Asked {
  readonly kind: WaitKind;
  readonly ref: string | null;
  readonly argv: readonly string[];
  readonly options: Options;
  /** `--repo`. */
  readonly repo: string | undefined;
}

/**
 * Binds what was asked for to an identity. When that cannot be known now (no network, no permission), what can be known without
 * the network is taken, and whoever watches binds it later: an observation error is never a result. What waiting cannot mend
 * (no `gh`, no login, no such repository) is thrown at once and nothing is registered.
 */
export async function pinRequest(asked: Asked, policy: LoadedPolicy, context: Context, deps: WatchDeps): Promise<Pin> {
  const { kind, ref, argv, options } = asked;
  // Kinds that run commands of the user's are not about a repository: gh is not asked which one it is.
  const repo = kind.process === "own" && asked.repo === undefined ? null : await context.repo(asked.repo);
  const plugin = makePluginContext({
    plugin: kind.name,
    home: context.home,
    env: context.env,
    cwd: context.cwd,
    github: await context.github(),
    session: await context.session(),
    repo,
    config: policy.ci_watch,
    log: deps.log,
    clock: context.clock,
    exec: context.exec,
    trusted: deps.trusted(context.cwd),
  });
  try {
    return await kind.pin({ ref, argv, options, network: true }, plugin);
  } catch (error) {
    if (error instanceof Error && ["RefError", "TrustError", "UsageError"].includes(error.name)) throw error;
    if (isObject(error) && error.lasting === true) throw error;
    const pin = await kind.pin({ ref, argv, options, network: false }, plugin).catch(() => null);
    if (!pin) throw error;
    context.warn(`${errorText(error)}: registered as ${pin.ref}, and looked up again later`);
    return pin;
  }
}
