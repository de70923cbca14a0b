import { loadPolicy } from "../../../config/load.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";

/** Checks that the policy exists and is valid. */
export const policy: Check = {
  name: "policy",
  async run({ env, place: cwd, home }) {
    const loaded = await loadPolicy({ env, cwd, home });
    const findings: Finding[] = loaded.problems.map((problem) => ({
      ...ill("policy", problem, "references/config.md lists every key"),
      policy: true,
    }));
    for (const warning of loaded.warnings) {
      findings.push(warned("policy", warning, "mend that key; references/config.md lists every key"));
    }
    if (loaded.path === null && loaded.raw.config.ci_watch == null) {
      const words =
        'No ".control/policy.yaml" here or above, and your own configuration does not turn p9 on: hooks are silent here, and no push is watched by itself';
      findings.push(warned("policy", words, "p9 init turns it on for you, p9 init --project for a repository"));
    } else if (loaded.path === null) {
      const words =
        'No ".control/policy.yaml" here or above: watching works on defaults, healing and merge-ready do not';
      findings.push(warned("policy", words, "p9 init --project writes one"));
    }
    return findings.length > 0 ? findings : [well("policy", `"${loaded.path}"`)];
  },
};
