import type { JsonObject } from "../../../src/plugin.ts";
import type { ProviderStatus, TargetLook, TargetWatcher } from "../../../src/provider.ts";
import command from "../command.ts";

/** A predicate: exit 0 done, 1 not yet, 2 and above failed; the last line may be JSON with its progress. */
export function commandWatcher(spec: JsonObject): TargetWatcher {
  const codes = spec["fail-codes"] ?? spec.fail_codes;
  const options = {
    "look-timeout": 30,
    ...(codes === undefined ? {} : { "fail-codes": Array.isArray(codes) ? codes.map(String) : [String(codes)] }),
  };
  return {
    name: "command",
    title: "command",
    env: [],
    ready: () => true,
    match: async () => null,
    locate: async (given) => ({ values: given, missing: given.cmd ? [] : ["cmd"], how: '"cmd" (a command)' }),
    look: async (values, context): Promise<TargetLook> => {
      const pin = { ...context.pin, identity: { cmd: values.cmd ?? "" } };
      const { status, ...result } = await command.look({ ...context, pin, options });
      return { ...result, status: status as ProviderStatus, values };
    },
  };
}
