import type { PluginContext } from "../contract/context.ts";
import { isOutcome, type Pin } from "../contract/wait-kind.ts";
import { look as lookShape, readShape } from "../plugins-host/call/shapes.ts";
import { type Check, fail, within } from "./check.ts";
import { FAULTS, type Fault, failing, silent, speakingUnknown } from "./faults.ts";
import { asksWhatItDeclares, leaks, TRUST_CHECK, writesNothing } from "./part.ts";
import {
  healthyLook,
  limit,
  lookContext,
  lookIn,
  STOP_MS,
  started,
  type WaitKindSubject,
  withRequest,
} from "./wait-kind-subject.ts";

/** Checks of `look` in a sound world. */
export function lookChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "looks once and says what it saw",
      run: withRequest(subject, async (request) => {
        const { seen } = await healthyLook(subject, request);
        const secret = leaks(seen, kind, subject.context().env);
        if (secret) fail(`The look holds the value of ${secret}`);
      }),
    },
    {
      name: "looks again after a restart, from nothing but its pin and its memory",
      run: withRequest(subject, async (request) => {
        const pin: Pin = JSON.parse(JSON.stringify(await started(subject, request)));
        let memory = {};
        const remember = (next: object) => {
          memory = JSON.parse(JSON.stringify(next));
        };
        for (const look of [0, 1]) {
          const context = lookContext(subject.context(), pin, request, { look, memory, remember });
          const { value, error } = await within(limit(kind), "look()", () => kind.look(context));
          if (error) fail(`look() number ${look} failed: ${error.message}`);
          readShape(lookShape, value, "the look");
        }
      }),
    },
    {
      name: TRUST_CHECK,
      run: withRequest(subject, async (request) => {
        // Only requests for trust are checked; a refused look is fine here.
        await asksWhatItDeclares(kind, subject.context(), null, async (context) => {
          const { value: pin } = await within(35_000, "pin()", () => kind.pin(request, context));
          if (pin?.complete && !kind.begin) await lookIn(subject, request, pin, context);
        });
      }),
    },
    {
      name: "writes nothing outside its own folder",
      run: withRequest(subject, async (request) => {
        const { watched, own } = subject.folders ?? { watched: [], own: [] };
        await writesNothing(watched, own, () => healthyLook(subject, request));
      }),
    },
    {
      name: "stops when it is told to",
      run: withRequest(subject, async (request) => {
        const pin = await started(subject, request);
        const stop = new AbortController();
        const looking = lookIn(subject, request, pin, silent(subject.context(), stop.signal));
        setTimeout(() => stop.abort(), 300);
        await within(STOP_MS, "A look that was told to stop", () => looking);
      }),
    },
  ];
}

/** Checks of `look` in worlds that fail. */
export function faultChecks(subject: WaitKindSubject): readonly Check[] {
  const names = Object.keys(FAULTS) as Fault[];
  const worlds = names.map(
    (fault) => [FAULTS[fault], (base: PluginContext) => failing(base, fault, subject.proxies?.[fault])] as const,
  );
  return [...worlds, ["every word in the answers is unknown", speakingUnknown] as const].map(([when, world]) => ({
    name: `gives no verdict when ${when}`,
    run: withRequest(subject, async (request) => {
      const { pin, seen } = await healthyLook(subject, request);
      const { value } = await lookIn(subject, request, pin, world(subject.context()));
      if (!value) return;
      const result = readShape(lookShape, value, "the look");
      if (!isOutcome(result.status) || result.status === seen.status) return;
      // A kind that did not need the failed service answers as usual, and its target may have ended meanwhile.
      const now = await healthyLook(subject, request);
      if (result.status !== now.seen.status) {
        fail(`look() said "${result.status}" (${result.reason}); in a sound world it said "${now.seen.status}"`);
      }
    }),
  }));
}
