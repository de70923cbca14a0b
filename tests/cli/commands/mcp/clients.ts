import { type CallToolResult, Client, type RequestOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { programOf, type Sandbox } from "../../../helpers/p9.ts";
import { atTestEnd } from "../../../helpers/test-end.ts";

/** How a client is connected. */
interface Connecting {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly runtime?: "node" | "deno";
  /** The revision that it speaks: by `initialize`, or that of 2026. @default {"initialize"} */
  readonly era?: "initialize" | "discover";
}

/** What a tool answered. */
export interface Answered {
  readonly isError: boolean;
  /** Its structured content. */
  readonly of: Record<string, unknown>;
  /** The text beside it. */
  readonly text: string;
}

/** The official client at a server of its own, which ends with the test. It checks every answer against the tool's schema. */
export async function connect(box: Sandbox, { env, cwd, runtime = "node", era = "initialize" }: Connecting = {}) {
  const [command = "", ...args] = programOf(runtime);
  const transport = new StdioClientTransport({
    command,
    args: [...args, "mcp"],
    env: { ...box.env, ...env },
    cwd: cwd ?? box.work,
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (text) => {
    stderr += String(text);
  });
  const negotiation = era === "discover" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {};
  const client = new Client({ name: "test", version: "1" }, negotiation);
  await client.connect(transport);
  // The client knows the schemas of the answers once it has listed the tools.
  const { tools } = await client.listTools();
  const close = () => client.close();
  atTestEnd(close);
  const call = async (
    name: string,
    given: Record<string, unknown> = {},
    { meta, ...options }: RequestOptions & { readonly meta?: Record<string, unknown> } = {},
  ): Promise<Answered> => {
    const params = { name, arguments: given, ...(meta ? { _meta: meta } : {}) };
    return answered(await client.callTool(params, options));
  };
  return { client, tools, call, close, stderr: () => stderr, pid: transport.pid ?? 0 };
}

function answered({ isError, structuredContent, content }: CallToolResult): Answered {
  const [first] = content;
  const text = first?.type === "text" ? first.text : "";
  const of = (structuredContent ?? {}) as Record<string, unknown>;
  return { isError: isError === true, of, text };
}
