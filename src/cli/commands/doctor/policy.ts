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
    for (const warning of loaded.warnings) findings.push(warned("policy", warning));
    if (loaded.path === null) {
      const words =
        'No ".control/policy.yaml" here or above: watching works on defaults, healing and merge-ready do not';
      findings.push(warned("policy", words, "p9 init --project writes one"));
    }
    return findings.length > 0 ? findings : [well("policy", `"${loaded.path}"`)];
  },
};
