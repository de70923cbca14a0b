import { lacksWake, WAKE_SETTINGS } from "../../../init/harnesses/gemini.ts";
import type { Context } from "../../program/context.ts";
import { canAnswer, isAgreed } from "./offer-notices.ts";

/** What the two settings of Gemini do. */
const WHAT =
  "Gemini CLI comes back by itself with two settings: the first puts the output of a background command into the conversation when it " +
  "ends, the second, experimental, lets that begin a turn.";

/** Whether Gemini's settings are to be changed so that an idle session goes on. `wish`: `--wake` or `--no-wake`; without one, a person who can answer is asked. */
export async function offerWake(
  wish: boolean | undefined,
  scope: "user" | "project",
  context: Context,
): Promise<boolean> {
  if (wish !== undefined || scope === "project" || !canAnswer(context) || !lacksWake(context.env)) return wish === true;
  const names = WAKE_SETTINGS.map(({ path, value }) => `${path.join(".")} = ${JSON.stringify(value)}`).join(", ");
  return isAgreed(`${WHAT} Set ${names}? [y/N] `);
}
