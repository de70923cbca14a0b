import { isObject } from "../../base/json.ts";
import type { LoadedPolicy } from "../../config/load.ts";
import type { TrustSubject } from "../../contract/context.ts";
import { PolicyError } from "../../core/errors.ts";
import { type Classification, floorOf } from "../classify/classify.ts";
import type { FailureType } from "../classify/rule.ts";
import { networkSubjects } from "../confine/network.ts";
import { projectCommand, projectCommands } from "./project.ts";

/** The command that would repair a failure, and what must be trusted before it runs. */
export interface HealCommand {
  readonly run: string;
  readonly check: string | null;
  /** `ci_heal.commands.lint` of the policy, or the project's own file. */
  readonly from: string;
  readonly trust: TrustSubject;
}

/** Whether the policy's list and floor call this failure classified (contract, `heal --classify`). */
export function isClassified(
  { failure_type, confidence }: Pick<Classification, "failure_type" | "confidence">,
  { ci_heal }: Pick<LoadedPolicy, "ci_heal">,
): boolean {
  return (
    ci_heal.classified_failure_types.includes(failure_type) &&
    confidence >= floorOf(failure_type, ci_heal.min_confidence ?? {})
  );
}

/**
 * The command for a failure, the policy's before the project's own. Returned only when the tool says that it can repair all its
 * findings; a policy's command with its own check (`{ run, check }`) also when the tool does not say, because a repair that fails
 * its check is never pushed. Null: nothing to run.
 */
export function healCommand(
  found: Pick<Classification, "failure_type" | "fixable" | "steps">,
  policy: Pick<LoadedPolicy, "ci_heal">,
  root: string,
): HealCommand | null {
  const type = found.failure_type;
  if (found.fixable === false) return null;
  const own = policyCommand(policy, type);
  if (own && (found.fixable === true || own.check !== null)) return own;
  if (found.fixable !== true) return null;
  const project = projectCommand(root, type, found.steps[0]?.judgement.tool ?? "any");
  if (!project) return null;
  const { run, check, from, subject } = project;
  return { run, check, from, trust: trustIn(subject, run, check) };
}

/** The command that prepares a worktree for a repair, and what is trusted before it runs; null when the policy names none. */
export function setupCommand({
  ci_heal,
}: Pick<LoadedPolicy, "ci_heal">): { readonly run: string; readonly trust: TrustSubject } | null {
  const run = joined(ci_heal.setup);
  return run === null ? null : { run, trust: trustIn("ci_heal.setup", run) };
}

/** Everything that a repair in `root` may run and that must be trusted first: what {@link healCommand} and {@link setupCommand} name. */
export function healSubjects(policy: Pick<LoadedPolicy, "ci_heal" | "raw">, root: string): readonly TrustSubject[] {
  const named = Object.keys(policy.ci_heal.commands) as FailureType[];
  const commands = named.flatMap((type) => policyCommand(policy, type)?.trust ?? []);
  const setup = setupCommand(policy);
  // The project's own is never taken where the policy names one.
  const replaced = ({ subject }: { readonly subject: string }) =>
    named.some((type) => subject === `heal:${type}` || subject.startsWith(`heal:${type} `));
  const project = projectCommands(root)
    .filter((one) => !replaced(one))
    .map(({ subject, run, check }) => trustIn(subject, run, check));
  return [...commands, ...(setup ? [setup.trust] : []), ...project, ...networkSubjects(policy)];
}

/** A repair and its check run in a worktree at the head of the pull request. */
function trustIn(subject: string, ...commands: (string | null)[]): TrustSubject {
  const content = commands.filter((command) => command !== null).join("\n");
  return { subject, content, command: content, fromHead: true };
}

/** `ci_heal.commands.<type>`: a text, a list (run one after the other), or `{ run, check }`. */
function policyCommand({ ci_heal }: Pick<LoadedPolicy, "ci_heal">, type: FailureType): HealCommand | null {
  const entry: unknown = ci_heal.commands[type];
  if (entry === undefined || entry === null) return null;
  const { run, check } =
    isObject(entry) && !Array.isArray(entry)
      ? { run: entry.run, check: entry.check }
      : { run: entry, check: undefined };
  const text = joined(run);
  if (text === null)
    throw new PolicyError(
      `Cannot use "ci_heal.commands.${type}": wanted a command, a list of commands, or a map with "run" and "check"`,
    );
  const checkText = check === undefined ? null : joined(check);
  const from = `ci_heal.commands.${type}`;
  return { run: text, check: checkText, from, trust: trustIn(from, text, checkText) };
}

/** One shell command of a text or a list; null when it is neither. */
function joined(value: unknown): string | null {
  if (typeof value === "string" && value.trim() !== "") return value;
  if (Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === "string"))
    return value.map(String).join(" && ");
  return null;
}
