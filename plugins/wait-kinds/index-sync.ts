import { at, textAt } from "../../src/github.ts";
import {
  defineWaitKind,
  isObject,
  type JsonObject,
  type LookContext,
  type LookResult,
  type OptionSpecs,
} from "../../src/plugin.ts";
import type { Values } from "../../src/provider.ts";
import { npmrcSubjects } from "./index-sync/npmrc.ts";
import { pin } from "./index-sync/pin.ts";
import { type Source, SYNCS, watcherOf } from "./index-sync/resolve.ts";
import { defined } from "./providers/defined.ts";
import { entrySubjects } from "./providers/entries.ts";

const options: OptionSpecs = {
  provider: { type: "string", description: "whose reference it is, when its form does not say so", value: "name" },
  state: {
    type: "string",
    description: "a URL's answer: where the state stands (/status or task.status)",
    value: "pointer",
  },
  success: { type: "strings", description: "states that mean done", value: "state" },
  failure: { type: "strings", description: "states that mean failed; every other one is running", value: "state" },
  running: {
    type: "strings",
    description: "states that mean running; given, any further one is reported",
    value: "state",
  },
  percent: { type: "string", description: "where the percentage stands", value: "pointer" },
  done: { type: "string", description: "where the number of finished pieces stands", value: "pointer" },
  total: { type: "string", description: "where the number of all pieces stands", value: "pointer" },
  phase: { type: "string", description: "where the phase stands", value: "pointer" },
  error: { type: "string", description: "where the error's text stands", value: "pointer" },
  count: {
    type: "string",
    description: "a URL's answer: where a count stands; done when --expect is reached, or when it stays the same",
    value: "pointer",
  },
  expect: { type: "number", description: "the count that means done", value: "number" },
  stable: {
    type: "number",
    description: "so many looks with the same count; default 1 with --expect, else 3",
    value: "looks",
  },
  header: {
    type: "strings",
    description: 'a header of the request; credentials as "{env:NAME}"',
    value: "Name: value",
  },
  method: { type: "string", description: "of the request", choices: ["GET", "POST"], default: "GET" },
  cmd: {
    type: "string",
    description: "a command that answers: exit 0 done, 1 not yet, 2 and above failed",
    value: "command",
  },
  param: { type: "strings", description: "a value that the provider needs", value: "name=value" },
};

/** An index, import, task or release until it is there. */
export default defineWaitKind({
  name: "index-sync",
  summary:
    "an index build, search task, import or published version: postgres:my_index, meilisearch:5, npm:name@1.0.0, a URL",
  options,
  env: ["PGPASSWORD", "PGSERVICE", "PGHOST", "PGUSER", "PGDATABASE"],
  deadlineS: 6 * 3600,
  interval: { firstS: 5, maxS: 60 },
  pin,
  look,
  runs: async (context) => [...(await entrySubjects(context, SYNCS)), ...npmrcSubjects(context)],
});

async function look(context: LookContext): Promise<LookResult> {
  const { identity } = context.pin;
  const { watcher } = await watcherOf(sourceOf(identity), context);
  const before = valuesOf(identity);
  const { values, ...result } = await watcher.look(before, context);
  const same = JSON.stringify(values) === JSON.stringify(before);
  return same ? result : { ...result, pin: { ...context.pin, identity: { ...identity, values: defined(values) } } };
}

function sourceOf(identity: JsonObject): Source {
  const source = at(identity, "source");
  const [entry, provider] = [textAt(source, "entry"), textAt(source, "provider")];
  if (entry !== null) return { entry };
  if (provider !== null) return { provider };
  const spec = identity.source;
  return { spec: isObject(spec) && isObject(spec.spec) ? (spec.spec as JsonObject) : {} };
}

function valuesOf(identity: JsonObject): Values {
  const values = at(identity, "values");
  return isObject(values)
    ? Object.fromEntries(
        Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
      )
    : {};
}
