import type { PluginContext } from "../contract/context.ts";
import type { DeliverContext, Notice, Notifier } from "../contract/notifier.ts";
import { type Check, fail, within } from "./check.ts";
import type { FaultProxies } from "./fault-proxy.ts";
import { FAULTS, type Fault, failing, silent } from "./faults.ts";
import { partChecks, writesNothing } from "./part.ts";

/** A notifier and a world in which it delivers. */
export interface NotifierSubject {
  readonly notifier: Notifier;
  /** A fresh context of the same world. */
  context(): DeliverContext;
  /** For programs: proxies that fail. */
  readonly proxies?: FaultProxies;
  readonly folders?: { readonly watched: readonly string[]; readonly own: readonly string[] };
}

const STOP_MS = 5_000;

/** What the checks deliver. */
const TEST_NOTICE: Notice = {
  id: "p9-plugin-test",
  kind: "test",
  title: "p9 plugin test",
  body: "A test of this notifier. Nothing happened.",
  severity: "info",
};

/** The requirements on a notifier, built-in or not. */
export function notifierChecks(subject: NotifierSubject): readonly Check[] {
  return [...partChecks(subject.notifier), ...deliveryChecks(subject), ...faultChecks(subject)];
}

function deliver({ notifier }: NotifierSubject, context: DeliverContext, notice: Notice = TEST_NOTICE) {
  return within((notifier.timeoutS ?? 10) * 1000 + STOP_MS, "deliver()", () => notifier.deliver(notice, context));
}

function deliveryChecks(subject: NotifierSubject): readonly Check[] {
  const delivers = (name: string, notice: Notice): Check => ({
    name,
    run: async () => {
      const { error } = await deliver(subject, subject.context(), notice);
      if (error) fail(`deliver() failed: ${error.message}`);
      return undefined;
    },
  });
  const hostile = 'a "b" $(c) `d`; \\ é 🚀\n--e\n\u001b[31mf';
  return [
    delivers("delivers a notice", TEST_NOTICE),
    delivers("delivers whatever stands in title and body", {
      ...TEST_NOTICE,
      title: hostile.replaceAll("\n", " "),
      body: hostile,
    }),
    delivers("delivers a body of 200 kB", { ...TEST_NOTICE, body: "line of a log\n".repeat(14_000) }),
    {
      name: "gives no credential to a program as an argument",
      run: async () => {
        const base = subject.context();
        const values = (subject.notifier.env ?? []).flatMap((name) => base.env[name] || []);
        let shown: string | undefined;
        const exec: PluginContext["exec"] = (argv, options) => {
          shown ??= argv.find((arg) => values.some((value) => value.length >= 6 && arg.includes(value)));
          return base.exec(argv, options);
        };
        await deliver(subject, { ...base, exec });
        if (shown !== undefined) fail("An argument of a program that it runs holds the value of a credential");
        return undefined;
      },
    },
    {
      name: "writes nothing outside its own folder",
      run: async () => {
        const { watched, own } = subject.folders ?? { watched: [], own: [] };
        await writesNothing(watched, own, () => deliver(subject, subject.context()));
        return undefined;
      },
    },
    {
      name: "stops when it is told to",
      run: async () => {
        const stop = new AbortController();
        const base = subject.context();
        const delivering = deliver(subject, { ...base, ...silent(base, stop.signal) });
        setTimeout(() => stop.abort(), 300);
        await within(STOP_MS, "A delivery that was told to stop", () => delivering);
        return undefined;
      },
    },
  ];
}

/** Checks that a failed delivery is reported as failed. Skips a notifier that used nothing of what failed. */
function faultChecks(subject: NotifierSubject): readonly Check[] {
  const faults: readonly Fault[] = ["offline", "refused", "limited", "broken"];
  return faults.map((fault) => ({
    name: `says that it did not deliver when ${FAULTS[fault]}`,
    run: async () => {
      const base = subject.context();
      const proxy = subject.proxies?.[fault];
      const before = proxy?.count() ?? 0;
      const world = failing(base, fault, proxy);
      let used = false;
      const note =
        <A extends unknown[], R>(work: (...args: A) => R) =>
        (...args: A) => {
          used = true;
          return work(...args);
        };
      const context = { ...base, ...world, fetch: note(world.fetch), exec: note(world.exec) };
      const { error } = await deliver(subject, context);
      used ||= (proxy?.count() ?? 0) > before;
      if (!used) return "it asked p9 for nothing that can fail";
      if (!error) fail("deliver() said that it delivered");
      return undefined;
    },
  }));
}
