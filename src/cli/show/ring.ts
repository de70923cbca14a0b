import { errorText } from "../../core/errors.ts";
import type { Wait } from "../../core/wait.ts";
import type { Context } from "../program/context.ts";

/** Tells the channels of the foreground how a wait ended, where a person waits in a terminal. Never rejects: the end was told before. */
export async function ring({ last }: Wait, context: Context): Promise<void> {
  if (!context.forPeople) return;
  const { home, env, place: cwd, clock, exec } = context;
  try {
    const { findPolicy } = await import("../../config/load.ts");
    const { mayHaveChannel } = await import("../../notify/sources.ts");
    if (!mayHaveChannel({ home, env, cwd }, findPolicy({ env, cwd }))) return;
    const [{ tellForeground }, { deliverDeps, tellDeps }] = await Promise.all([
      import("../../notify/foreground.ts"),
      import("../../notify/open.ts"),
    ]);
    const world = { home, env, cwd, clock, exec };
    await tellForeground(last, { ...tellDeps(world), ...deliverDeps(world) });
  } catch (error) {
    context.warn(`Cannot tell the terminal: ${errorText(error)}`);
  }
}
