import { counted } from "../../../base/text.ts";
import { loadPolicy } from "../../../config/load.ts";
import { nameOf } from "../setup/trust-questions.ts";
import { trustHere } from "../setup/trust-subjects.ts";
import { type Check, warned, well } from "./check.ts";

/** Names what the repository asks for and the user has not agreed to. */
export const trust: Check = {
  name: "trust",
  async run({ home, env, exec, place: cwd }) {
    const policy = await loadPolicy({ home, env, cwd });
    const { all } = await trustHere({ home, env, cwd, exec }, policy);
    if (all.length === 0) return [well("trust", "this repository names nothing that p9 would run")];
    const asked = all.filter(({ state }) => state !== "trusted");
    const count = counted(all.length, "entry", "entries");
    if (asked.length === 0) return [well("trust", `${count} of this repository, all trusted`)];
    const names = asked.map(nameOf).join(", ");
    return [
      warned(
        "trust",
        `${asked.length} of ${count} of this repository not trusted: ${names}`,
        "p9 trust shows and asks",
      ),
    ];
  },
};
