import type { Json, JsonObject } from "../base/json.ts";
import { RefError } from "../contract/errors.ts";
import type { WaitKind } from "../contract/wait-kind.ts";
import { defineProvider } from "./describe/define.ts";
import type { Provider } from "./describe/provider.ts";
import type { Values } from "./template.ts";
import { variableNames } from "./variables.ts";

/**
 * Makes a wait kind of a provider as data, for a third party's plugin:
 * `definePlugin({ name: "acme", waitKinds: [providerKind(acme)] })` gives `p9 watch acme <ref>`.
 */
export function providerKind(provider: Provider): WaitKind {
  defineProvider(provider);
  return {
    name: provider.name,
    summary: `${provider.title}: ${provider.waits === "deploy" ? "a deploy" : "an index sync"}`,
    options: { param: { type: "strings", description: "a value that the provider needs", value: "name=value" } },
    env: variableNames(provider),
    pin: async (request, context) => {
      const { howToGive, matchRef, parameters } = await import("./parameters.ts");
      const ref = request.ref ?? "";
      const matched = matchRef(provider, ref);
      if (!matched)
        throw new RefError(
          `Cannot watch "${ref}" with ${provider.title}: wanted ${(provider.refs ?? []).join(" or ")}`,
        );
      const { values, missing } = parameters(
        provider,
        { ...givenValues(request.options.param), ...matched, ref },
        context,
      );
      if (missing.length > 0)
        throw new RefError(`Cannot watch "${ref}" with ${provider.title}: give ${howToGive(provider, missing)}`);
      return {
        ref,
        key: `${provider.name}:${JSON.stringify(values)}`,
        identity: { values: plain(values) },
        complete: true,
      };
    },
    look: async (context) => {
      const { lookAt } = await import("./look.ts");
      const before = context.pin.identity.values as Values;
      const { values, ...result } = await lookAt(provider, before, context);
      return values.id === before.id
        ? result
        : { ...result, pin: { ...context.pin, identity: { values: plain(values) } } };
    },
  };
}

/** `name=value` pairs of a `--param` option. */
export function givenValues(pairs: Json | undefined): Values {
  return Object.fromEntries(
    (Array.isArray(pairs) ? pairs.map(String) : []).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new RefError(`Cannot read --param "${pair}": wanted name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Removes unknown values, since `undefined` is no JSON. */
function plain(values: Values): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
