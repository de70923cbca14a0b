import type { Options } from "../../../../contract/options.ts";
import { EXIT } from "../../../../core/exit-codes.ts";
import type { Answer } from "../answer.ts";
import { type Call, runLine } from "../call.ts";
import { wordsOf } from "../words.ts";
import { hold, LONGEST_S } from "./hold.ts";

/** `p9 heal --apply`, which may take longer than a call may. */
export async function healApply(options: Options, call: Call): Promise<Answer> {
  const { heals, context } = call.server;
  const words = ["heal", "--apply", ...wordsOf(options, ["pr"])];
  const name = JSON.stringify([call.session, words]);
  const work = heals.join(name, () => runLine(words, call));
  const answer = await hold(work, call, { limitS: LONGEST_S, clock: context.clock, words: () => "p9 is healing" });
  if (answer === null) return STILL_HEALING;
  heals.fetched(name);
  return answer[0];
}

const STILL_HEALING: Answer = {
  exit: EXIT.stillWaiting,
  messages: [],
  document: { did: "healing", call_again: true },
  failed: false,
};
