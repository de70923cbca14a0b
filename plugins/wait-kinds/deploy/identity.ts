import { at, listAt, textAt } from "../../../src/github.ts";
import { isObject, type JsonObject } from "../../../src/plugin.ts";
import type { Values } from "../../../src/provider.ts";
import { defined } from "../providers/defined.ts";
import type { Choice } from "./choose.ts";

/** What a deploy wait is bound to. */
export interface Identity {
  /** Root of the repository, or null outside of one. */
  readonly root: string | null;
  /** null: no provider is configured; it is found while looking. */
  readonly choices: readonly Choice[] | null;
  readonly values: Values;
}

/** The identity as it stands in the log. */
export function toIdentity({ root, choices, values }: Identity): JsonObject {
  return {
    root,
    values: defined(values),
    choices: choices === null ? null : choices.map((choice) => ({ name: choice.name, values: defined(choice.values) })),
  };
}

/** The identity as it was written. */
export function readIdentity(json: JsonObject): Identity {
  return {
    root: textAt(json, "root"),
    values: readValues(at(json, "values")),
    choices: Array.isArray(json.choices)
      ? listAt(json, "choices").map((choice) => ({
          name: textAt(choice, "name") ?? "",
          values: readValues(at(choice, "values")),
        }))
      : null,
  };
}

function readValues(json: unknown): Values {
  if (!isObject(json)) return {};
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
