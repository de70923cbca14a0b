import {
  type BranchRules,
  completeRules,
  joinRules,
  type KnownRules,
  type PullRequest,
  type RequiredCheck,
} from "../../../../src/github.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import type { Memory } from "../memory.ts";

/** Joins the base branch's rules of this look with those that only REST shows, asked once per base. */
export async function knownRules(
  context: LookContext,
  pull: PullRequest,
  memory: Memory,
): Promise<{ readonly rules: KnownRules; readonly memory: Memory }> {
  const beyond = await beyondGraphql(context, pull, memory);
  const rules = {
    required: [...pull.rules.required, ...beyond.required],
    others: joinRules(pull.rules.others, beyond.others),
    complete: beyond.complete,
  };
  return { rules, memory: { ...memory, rules: beyond } };
}

/** Reads the rules that only REST shows. Asks again when GraphQL shows other sources than it did at the last request. */
async function beyondGraphql(
  context: LookContext,
  pull: PullRequest,
  memory: Memory,
): Promise<NonNullable<Memory["rules"]>> {
  const saw = sourcesOf(pull.rules);
  if (memory.rules?.base === pull.base && memory.rules.saw === saw) return memory.rules;
  const { required, others, complete } = await completeRules(
    context.github,
    context.pin.repo ?? "",
    pull.base,
    pull.rules,
  );
  const same = (rule: RequiredCheck) =>
    pull.rules.required.some((one) => one.name === rule.name && one.appId === rule.appId);
  return { base: pull.base, saw, required: required.filter((rule) => !same(rule)), others, complete };
}

function sourcesOf({ rulesets, protection }: BranchRules): string {
  return [rulesets ? "rulesets" : [], protection ? "protection" : []].flat().join(" ");
}
