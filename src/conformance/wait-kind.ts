import { RefError } from "../contract/errors.ts";
import { ObservationError } from "../core/observation.ts";
import { pin as pinShape, readShape, traits as traitsShape } from "../plugins-host/call/shapes.ts";
import { PluginFault } from "../plugins-host/call/target.ts";
import { flagsProblem } from "../plugins-host/parts/options.ts";
import { type Check, fail, within } from "./check.ts";
import { failing } from "./faults.ts";
import { leaks, partChecks } from "./part.ts";
import { faultChecks, lookChecks } from "./wait-kind-looks.ts";
import { NO_REQUEST, pinned, started, type WaitKindSubject, withRequest } from "./wait-kind-subject.ts";

export type { WaitKindSubject } from "./wait-kind-subject.ts";

/** The requirements on a wait kind, built-in or not. */
export function waitKindChecks(subject: WaitKindSubject): readonly Check[] {
  return [
    ...partChecks(subject.kind),
    ...dataChecks(subject),
    ...pinChecks(subject),
    ...lookChecks(subject),
    ...faultChecks(subject),
    ...endChecks(subject),
  ];
}

function dataChecks({ kind }: WaitKindSubject): readonly Check[] {
  return [
    {
      name: "has no option that is a flag of p9 watch itself",
      run: async () => {
        const problem = flagsProblem(kind.options ?? {});
        if (problem) fail(`In its options, ${problem}`);
        return undefined;
      },
    },
    {
      name: "has traits that its waits can keep",
      run: async () => {
        readShape(traitsShape, kind.traits ?? {}, "its traits");
        return undefined;
      },
    },
  ];
}

function pinChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "pins the same reference to the same key, as plain data",
      run: withRequest(subject, async (request) => {
        const [one, two] = [await pinned(subject, request), await pinned(subject, request)];
        if (one.key !== two.key) fail(`The key was "${one.key}" first, then "${two.key}"`);
        const secret = leaks(one, kind, subject.context().env);
        if (secret) fail(`The pin holds the value of ${secret}`);
      }),
    },
    {
      name: "pins without the network, or says that it cannot",
      run: withRequest(subject, async (request) => {
        const offline = failing(subject.context(), "offline");
        const { value, error } = await within(35_000, "pin()", () => kind.pin({ ...request, network: false }, offline));
        if (value) readShape(pinShape, value, "the pin");
        else expectKnown(error, "pin()");
      }),
    },
    {
      name: "refuses a reference that means nothing, or leaves it open",
      run: withRequest(subject, async (request) => {
        const nonsense = { ...request, ref: "\u0001 no such thing /../ ;$(x)\n", argv: [] };
        const { value, error } = await within(35_000, "pin()", () => kind.pin(nonsense, subject.context()));
        if (value) readShape(pinShape, value, "the pin");
        else expectKnown(error, "pin()");
      }),
    },
  ];
}

function expectKnown(error: Error | undefined, what: string): void {
  // A crash of third-party code becomes an observation error in the engine, but here it fails the check.
  if (error?.cause instanceof PluginFault) fail(error.cause.message);
  if (error instanceof RefError || error instanceof ObservationError) return;
  fail(`${what} threw ${error?.name} "${error?.message}": wanted RefError or ObservationError`);
}

function endChecks(subject: WaitKindSubject): readonly Check[] {
  const { kind } = subject;
  return [
    {
      name: "ends what it began, also twice",
      run: async () => {
        if (!kind.begin || !kind.end) return "it begins nothing";
        if (!subject.request) return NO_REQUEST;
        const pin = await started(subject, subject.request);
        for (const time of ["once", "twice"]) {
          const { error } = await within(35_000, "end()", async () => kind.end?.(pin, subject.context()));
          if (error) fail(`end() failed when it was called ${time}: ${error.message}`);
        }
        return undefined;
      },
    },
  ];
}
