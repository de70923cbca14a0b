import { document, type HookAnswer, type HookCall, SILENCE, type Written } from "./harness.ts";

/**
 * An answer in the nesting that most clients took over from Claude Code, with no key beside those that an event has: text for the
 * model and a refusal in `hookSpecificOutput`, a continued turn as a decision.
 */
export function nested({ native, event, tells }: HookCall, answer: HookAnswer): Written {
  const { context, continue: goOn, deny, message: systemMessage } = answer;
  const specific = (value: Readonly<Record<string, string>>) => ({
    hookSpecificOutput: { hookEventName: native, ...value },
  });
  switch (event) {
    case "start":
    case "prompt":
    case "after-shell":
      return document({ systemMessage, ...(context === undefined ? {} : specific({ additionalContext: context })) });
    case "before-shell":
      if (deny !== undefined) return document(specific({ permissionDecision: "deny", permissionDecisionReason: deny }));
      return document(context === undefined || !tells ? {} : specific({ additionalContext: context }));
    case "stop":
      return document(goOn === undefined ? { systemMessage } : { decision: "block", reason: goOn });
    default:
      return SILENCE;
  }
}
