import { counted } from "../../../base/text.ts";
import { loadPolicy } from "../../../config/load.ts";
import { errorText } from "../../../core/errors.ts";
import { readOutbox } from "../../../escalate/outbox.ts";
import { ownRules } from "../../../heal/classify/policy-rules.ts";
import { RULES } from "../../../heal/classify/rubric.ts";
import { paths } from "../../../store/paths.ts";
import { type Check, type Finding, ill, well } from "./check.ts";

/** Checks the rules that classify failures, including the policy's own, and that no escalation waits unsent. */
export const rubric: Check = {
  name: "rubric",
  async run({ env, place: cwd, home }) {
    const findings: Finding[] = [];
    try {
      const own = ownRules((await loadPolicy({ env, cwd, home })).ci_heal.rules);
      findings.push(well("rubric", `${RULES.length} rules${own.length > 0 ? ` and ${own.length} of the policy` : ""}`));
    } catch (error) {
      findings.push({
        ...ill("rubric", errorText(error), "references/scoring-rubric.md has the form of a rule"),
        policy: true,
      });
    }
    const pending = readOutbox(paths(home)).filter(({ state }) => state === "pending");
    if (pending.length > 0) {
      const what = `${counted(pending.length, "escalation")} not filed yet`;
      findings.push(
        ill(
          "rubric",
          what,
          "p9 escalations list shows them; p9 escalations flush files them when LINEAR_API_KEY is set",
        ),
      );
    }
    return findings;
  },
};
