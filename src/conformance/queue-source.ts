import { isAbsolute } from "node:path";
import { UnavailableError } from "../contract/errors.ts";
import type { DiscoverContext, FoundItem, QueueSource } from "../contract/queue-source.ts";
import { items as itemsShape, readShape } from "../plugins-host/call/shapes.ts";
import { type Check, fail, within } from "./check.ts";
import type { FaultProxies } from "./fault-proxy.ts";
import { FAULTS, type Fault, failing, silent } from "./faults.ts";
import { asksWhatItDeclares, leaks, partChecks, TRUST_CHECK, writesNothing } from "./part.ts";

/** A queue source and a world in which it can be asked. */
export interface QueueSourceSubject {
  readonly source: QueueSource;
  /** A fresh context of the same world. */
  context(): DiscoverContext;
  /** For programs: proxies that fail. */
  readonly proxies?: FaultProxies;
  readonly folders?: { readonly watched: readonly string[]; readonly own: readonly string[] };
}

const STOP_MS = 5_000;

/** The requirements on a queue source, built-in or not. */
export function queueSourceChecks(subject: QueueSourceSubject): readonly Check[] {
  return [...partChecks(subject.source), ...itemChecks(subject), ...worldChecks(subject), ...faultChecks(subject)];
}

function ask({ source }: QueueSourceSubject, context: DiscoverContext) {
  return within((source.timeoutS ?? 5) * 1000 + STOP_MS, "discover()", () => source.discover(context));
}

/** The items, or why the source cannot be asked, which is an answer too. */
async function answered(
  subject: QueueSourceSubject,
  context = subject.context(),
): Promise<readonly FoundItem[] | null> {
  const { value, error } = await ask(subject, context);
  if (error instanceof UnavailableError) return null;
  if (error) fail(`discover() threw ${error.name} "${error.message}": wanted items or UnavailableError`);
  return readShape(itemsShape, value, "the list of items");
}

function itemChecks(subject: QueueSourceSubject): readonly Check[] {
  return [
    {
      name: "gives items, or says why it cannot be asked",
      run: async () => {
        const { value, error } = await ask(subject, subject.context());
        if (error instanceof UnavailableError) return `it cannot be asked here: ${error.message}`;
        if (error) fail(`discover() threw ${error.name} "${error.message}": wanted UnavailableError`);
        const found = readShape(itemsShape, value, "the list of items");
        const secret = leaks(found, subject.source, subject.context().env);
        if (secret) fail(`The items hold the value of ${secret}`);
        return undefined;
      },
    },
    {
      name: "gives each item a key of its own, and the same one every time",
      run: async () => {
        const [first, second] = [await answered(subject), await answered(subject)];
        if (!first || !second) return "it cannot be asked here";
        const keys = first.map(({ key }) => key);
        const twice = keys.find((key, index) => keys.indexOf(key) !== index);
        if (twice !== undefined) fail(`Two items have the key "${twice}"`);
        const before = new Map(first.map(({ item, key }) => [item, key]));
        const moved = second.find(({ item, key }) => before.has(item) && before.get(item) !== key);
        if (moved) fail(`"${moved.item}" had the key "${before.get(moved.item)}" first, then "${moved.key}"`);
        return undefined;
      },
    },
    {
      name: "names files relative to the repository's root",
      run: async () => {
        const files = ((await answered(subject)) ?? []).flatMap((item) => item.files ?? []);
        const wrong = files.find((file) => isAbsolute(file) || file.split("/").includes(".."));
        if (wrong !== undefined) fail(`It names the file "${wrong}"`);
        return undefined;
      },
    },
  ];
}

function worldChecks(subject: QueueSourceSubject): readonly Check[] {
  return [
    {
      name: "can be asked outside a repository, without a pull request or a session",
      run: async () => {
        const bare = { root: null, pr: null, session: null, repo: null, sessions: [], etaS: null };
        const none = { changedFiles: async () => [], diff: async () => "" };
        await answered(subject, { ...subject.context(), ...bare, ...none });
        return undefined;
      },
    },
    {
      name: TRUST_CHECK,
      run: async () => {
        const context = subject.context();
        await asksWhatItDeclares(subject.source, context, context.root, (asking) => ask(subject, asking));
        return undefined;
      },
    },
    {
      name: "writes nothing outside its own folder",
      run: async () => {
        const { watched, own } = subject.folders ?? { watched: [], own: [] };
        await writesNothing(watched, own, () => answered(subject));
        return undefined;
      },
    },
    {
      name: "stops when it is told to",
      run: async () => {
        const stop = new AbortController();
        const base = subject.context();
        const asking = ask(subject, { ...base, ...silent(base, stop.signal) });
        setTimeout(() => stop.abort(), 300);
        await within(STOP_MS, "A source that was told to stop", () => asking);
        return undefined;
      },
    },
  ];
}

/** Checks that a failing source reports "cannot be asked" instead of "nothing to do". */
function faultChecks(subject: QueueSourceSubject): readonly Check[] {
  return (Object.keys(FAULTS) as Fault[]).map((fault) => ({
    name: `is not empty when ${FAULTS[fault]}`,
    run: async () => {
      const sound = await answered(subject);
      if (!sound?.length) return "it has no items here";
      const base = subject.context();
      // Programs fail by their exit code; the output of a working one is not garbage.
      const world = failing(base, fault, subject.proxies?.[fault]);
      const exec = fault === "garbage" || fault === "empty" ? base.exec : world.exec;
      const { value } = await ask(subject, { ...base, ...world, exec });
      if (value && readShape(itemsShape, value, "the list of items").length === 0) {
        fail(`discover() found nothing; in a sound world it found ${sound.length} items`);
      }
      return undefined;
    },
  }));
}
