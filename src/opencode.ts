import { type OpencodeClient, OpencodeSession } from "./packages/opencode-session.ts";

/** What opencode gives a plugin, as far as p9 uses it (@opencode-ai/plugin 1.18). */
export interface PluginInput {
  readonly client: OpencodeClient;
  readonly directory: string;
}

interface Tool {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

interface ToolOutput {
  output: string;
  readonly metadata?: { readonly exit?: number | null };
}

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly synthetic?: boolean;
}

/** An event of opencode. */
export interface OpencodeEvent {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each of opencode's events has other properties
  readonly properties?: any;
}

/**
 * p9's plugin for opencode: `"plugin": ["@broomva/p9/opencode"]` in opencode.json. It watches what the agent pushes, hands out work
 * meanwhile, and brings the idle session back when a wait ends. Everything but the words of opencode is p9's own.
 */
export default async function p9({ client, directory }: PluginInput): Promise<object> {
  const sessions = new Map<string, OpencodeSession>();
  const of = (id: string): OpencodeSession => {
    const session = sessions.get(id) ?? new OpencodeSession(id, directory, client);
    sessions.set(id, session);
    return session;
  };
  return {
    "chat.message": async (
      { sessionID }: { sessionID: string },
      output: { message: { id: string }; parts: Part[] },
    ) => {
      const said = output.parts.filter(({ type }) => type === "text");
      const context = await of(sessionID).prompt({
        text: said.map(({ text = "" }) => text).join("\n"),
        spoken: said.some(({ synthetic }) => !synthetic),
      });
      if (context === null) return;
      const id = `prt_p9${Date.now().toString(36)}`;
      const part = { id, sessionID, messageID: output.message.id, type: "text", text: context, synthetic: true };
      output.parts.push(part);
    },
    "shell.env": async ({ sessionID }: { sessionID?: string }, output: { env: Record<string, string> }) => {
      if (sessionID) Object.assign(output.env, await of(sessionID).env());
    },
    "tool.execute.before": async ({ tool, sessionID }: Tool, { args }: { args: { command?: unknown } }) => {
      if (tool !== "bash") return;
      const deny = await of(sessionID).beforeShell(String(args.command ?? ""));
      if (deny) throw new Error(deny);
    },
    "tool.execute.after": async (
      { tool, sessionID, args }: Tool & { args?: { command?: unknown } },
      output: ToolOutput,
    ) => {
      if (tool !== "bash") return;
      const exit = output.metadata?.exit ?? undefined;
      const context = await of(sessionID).afterShell(String(args?.command ?? ""), output.output, exit);
      if (context !== null) output.output += `\n\n${context}`;
    },
    event: async ({ event: { type, properties } }: { event: OpencodeEvent }) => {
      const id: unknown = properties?.sessionID ?? properties?.info?.id;
      if (typeof id !== "string") return;
      if (type === "session.created") of(id).isChildOf(properties.info?.parentID);
      if (type === "session.status") of(id).isBusy(properties.status?.type !== "idle");
      if (type === "session.idle") await of(id).idle();
      if (type === "session.deleted") {
        await of(id).end();
        sessions.delete(id);
      }
    },
  };
}
