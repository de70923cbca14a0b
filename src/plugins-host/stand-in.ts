import { type Notifier, ObservationError, type QueueSource, UnavailableError, type WaitKind } from "../plugin.ts";
import { deferredPin } from "./deferred-pin.ts";
import type { NotifierData, QueueSourceData, WaitKindData } from "./description.ts";

/** Why a plugin that is configured cannot be used now. */
export interface Trouble {
  readonly problem: string;
  readonly needs?: string;
}

/** Stands for a wait kind whose plugin cannot be used now: its waits stay, and say why. */
export function standInWaitKind({ has: _, ...data }: WaitKindData, { problem, needs }: Trouble): WaitKind {
  const refuse = () => Promise.reject<never>(new ObservationError(problem, { needs: needs ?? problem }));
  const pin: WaitKind["pin"] = async (request, { cwd }) =>
    request.network ? refuse() : deferredPin(data.name, request, cwd);
  return { ...data, pin, look: refuse };
}

/** Stands for a queue source whose plugin cannot be used now. */
export function standInQueueSource(data: QueueSourceData, { problem }: Trouble): QueueSource {
  return { ...data, discover: () => Promise.reject(new UnavailableError(problem)) };
}

/** Stands for a notifier whose plugin cannot be used now. */
export function standInNotifier(data: NotifierData, { problem }: Trouble): Notifier {
  return { ...data, deliver: () => Promise.reject(new ObservationError(problem)) };
}
