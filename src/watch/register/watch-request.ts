import type { Options } from "../../contract/options.ts";
import type { Pin, WaitKind, WaitRequest } from "../../contract/wait-kind.ts";
import type { WatchDeps } from "../deps.ts";
import { namedSafely } from "../engine/pin.ts";
import { askedWords } from "./asked.ts";
import { type Registering, type Registration, registerWait } from "./register.ts";

/** A request to watch. Defaults: in the background, within the limits of the policy. */
export interface WatchRequest {
  readonly kind: WaitKind;
  readonly ref: string | null;
  readonly argv?: readonly string[];
  /** Options of the kind, checked. Default: the kind's own defaults. */
  readonly options?: Options;
  readonly session: string;
  readonly cwd: string;
  /** `owner/name` of the directory, or null: none, or not known. */
  readonly repo: string | null;
  /** The push that makes the request. */
  readonly pushed?: WaitRequest["pushed"];
  /** When that push was made (ms since the epoch). Default: {@link WatchRequest.pushed} says it, or there was none. */
  readonly pushedAt?: number;
  /** @default {"background"} */
  readonly mode?: Registering["mode"];
  readonly timeoutS?: number;
  /** Seconds of {@link WatchRequest.timeoutS} that have passed already. */
  readonly usedS?: number;
  readonly intervalS?: number;
  readonly adopt?: boolean;
  readonly force?: boolean;
}

/**
 * Binds a request to a target, with the context that the kind gets while it watches. `network`: see {@link WaitRequest.network}.
 *
 * @throws whatever the kind's `pin` throws.
 */
export async function pinRequest(request: WatchRequest, network: boolean, deps: WatchDeps): Promise<Pin> {
  const { kind, ref, argv = [], session, cwd, repo, pushed } = request;
  // Loaded lazily: most hooks register no wait.
  const { makePluginContext } = await import("../../plugins-host/context.ts");
  const context = makePluginContext({
    plugin: kind.name,
    home: deps.store.home,
    env: deps.env,
    cwd,
    github: await deps.github(),
    session,
    repo,
    config: (await deps.config(cwd)).all,
    log: deps.log,
    clock: deps.clock,
    exec: deps.exec,
    trusted: deps.trusted(cwd),
  });
  const asked = { ref, argv, options: await optionsOf(request), network, ...(pushed ? { pushed } : {}) };
  return namedSafely(await kind.pin(asked, context));
}

/** Registers a request that was pinned. @throws {CeilingError} as {@link registerWait} does. */
export async function registerRequest(request: WatchRequest, pin: Pin, deps: WatchDeps): Promise<Registration> {
  const { kind, argv = [], session, cwd, pushed, pushedAt = pushed?.at } = request;
  const asked = askedWords(request, deps);
  const registering: Registering = {
    kind,
    pin,
    options: await optionsOf(request),
    session,
    cwd,
    argv,
    ...(asked === undefined ? {} : { asked }),
    mode: request.mode ?? "background",
    timeoutS: request.timeoutS ?? null,
    usedS: request.usedS ?? 0,
    intervalS: request.intervalS ?? null,
    adopt: request.adopt ?? false,
    force: request.force ?? false,
    ...(pushedAt === undefined ? {} : { pushedAt }),
  };
  return registerWait(registering, deps);
}

async function optionsOf({ kind, options }: WatchRequest): Promise<Options> {
  if (options) return options;
  const { checkOptions } = await import("../../plugins-host/parts/options.ts");
  return checkOptions(`wait kind "${kind.name}"`, kind.options ?? {}, {});
}
