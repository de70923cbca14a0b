import * as z from "zod/mini";

/** `schema`, or `value` for what does not fit it. Zod's own `catch` would bring 12 kB of helpers that nothing else uses. */
export function orElse<T>(schema: z.ZodMiniType<T>, value: T): z.ZodMiniType<T> {
  return new z.ZodMiniCatch({ type: "catch", innerType: schema, catchValue: () => value }) as z.ZodMiniType<T>;
}
