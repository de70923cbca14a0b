import type { RunsContext, TrustSubject } from "../../contract/context.ts";
import { checkShape, soleAnswer } from "../call/check-answer.ts";
import { callHost, contextData, type LiveHost } from "../call/host.ts";
import type { PartWithRuns } from "../call/protocol.ts";
import { subjects } from "../call/shapes.ts";

const TIMEOUT_S = 5;

/** Asks a part in the plugin's process what it would run or send because a repository names it. */
export async function askRuns(
  live: LiveHost,
  part: PartWithRuns,
  { name, env }: { readonly name: string; readonly env?: readonly string[] },
  context: RunsContext,
): Promise<readonly TrustSubject[]> {
  const host = await live.ready();
  const call = { call: "runs", part, root: context.root, ...contextData(name, context) } as const;
  const { values } = await callHost(host, call, { context, timeoutS: TIMEOUT_S, env });
  const list = host.target.type === "program" ? values : soleAnswer(host.target, values, "runs");
  return checkShape(host.target, subjects, list, "what it would run");
}
