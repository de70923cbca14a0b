import { PiSession } from "./packages/pi-session.ts";

/** What pi gives an extension's handlers, as far as p9 uses it (@earendil-works/pi-coding-agent 1.6). */
export interface PiContext {
  readonly cwd: string;
  readonly hasUI: boolean;
  readonly sessionManager: { getSessionId(): string };
}

/** pi's face to an extension. */
export interface Pi {
  // biome-ignore lint/suspicious/noExplicitAny: each of pi's events has another shape
  on(event: string, handler: (event: any, context: PiContext) => unknown): void;
  sendMessage(
    message: { customType: string; content: string; display: boolean },
    options: { triggerTurn: boolean; deliverAs: "followUp" },
  ): void;
}

interface ToolEvent {
  readonly toolName: string;
  readonly input: { command?: string };
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/**
 * p9's extension for pi: `pi install npm:@broomva/p9`. It watches what the agent pushes, hands out work meanwhile, and brings the idle
 * session back when a wait ends. Everything but the words of pi is p9's own.
 */
export default function p9(pi: Pi): void {
  let opened: { readonly id: string; readonly session: Promise<PiSession> } | undefined;
  const goOn = (text: string) =>
    pi.sendMessage({ customType: "p9", content: text, display: true }, { triggerTurn: true, deliverAs: "followUp" });
  const begin = async (id: string, { cwd, hasUI }: PiContext, source: string): Promise<PiSession> => {
    const session = new PiSession({ id, cwd, attended: hasUI }, goOn);
    await session.start(source);
    return session;
  };
  /** The session, once it has begun: pi waits for no handler of an event before it sends the next. */
  const open = (context: PiContext, source = "startup"): Promise<PiSession> => {
    const id = context.sessionManager.getSessionId();
    if (opened?.id !== id) opened = { id, session: begin(id, context, source) };
    return opened.session;
  };
  pi.on("session_start", ({ reason }: { reason?: string }, context) => void open(context, reason));
  pi.on("before_agent_start", async ({ prompt = "" }: { prompt?: string }, context) => {
    const content = await (await open(context)).prompt(prompt);
    return content === null ? undefined : { message: { customType: "p9", content, display: true } };
  });
  pi.on("agent_start", async (_, context) => (await open(context)).turnBegins());
  pi.on("tool_call", async ({ toolName, input }: ToolEvent, context) => {
    if (toolName !== "bash" || input.command === undefined) return undefined;
    const answer = await (await open(context)).beforeShell(input.command);
    if ("deny" in answer) return { block: true, reason: answer.deny };
    input.command = answer.command;
    return undefined;
  });
  pi.on("tool_result", async ({ toolName, input, content }: ToolEvent, context) => {
    if (toolName !== "bash") return undefined;
    const output = content.map(({ text = "" }) => text).join("\n");
    const text = await (await open(context)).afterShell(input.command ?? "", output);
    return text === null ? undefined : { content: [...content, { type: "text", text }] };
  });
  pi.on("agent_end", async (_, context) => (await open(context)).turnEnds());
  pi.on("session_shutdown", async () => {
    await (await opened?.session)?.end();
    opened = undefined;
  });
}
