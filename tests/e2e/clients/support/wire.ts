/** One thing the scripted model does next. */
export type Step =
  | { readonly say: string }
  /** Runs a command by the client's shell tool; `extra`: further arguments of that tool. */
  | { readonly shell: string; readonly extra?: object }
  /** Calls a tool whose name ends so. */
  | { readonly tool: string; readonly args: object };

export const say = (text: string): Step => ({ say: text });
export const shell = (command: string, extra: object = {}): Step => ({ shell: command, extra });
export const tool = (name: string, args: object): Step => ({ tool: name, args });

/** A tool that a client offers to the model. */
export interface Tool {
  readonly name: string;
  /** Where a wire groups tools. */
  readonly namespace?: string;
  /** Its parameters by name, as a JSON schema. */
  readonly properties: Readonly<Record<string, { readonly type?: unknown }>>;
  readonly required: readonly string[];
}

/** A message of a request, whatever the wire. */
export interface Message {
  readonly role: "model" | "other";
  readonly text: string;
}

/** A tool call that the model makes. */
export interface Call {
  readonly tool: Tool;
  readonly args: object;
}

/** The model's answer. */
export type Answer = { readonly text: string } | Call;

/** A form in which clients speak to models. */
export interface Wire {
  /** Whether a path of a request belongs to it. */
  matches(path: string): boolean;
  tools(body: Body): readonly Tool[];
  messages(body: Body): readonly Message[];
  /** The body of the answer: server-sent events, or one document. */
  answer(answer: Answer, body: Body, path: string): string | object;
}

/** The JSON of a request. */
// biome-ignore lint/suspicious/noExplicitAny: what four vendors send, read by name
export type Body = Record<string, any>;

/** Names of the clients' shell tools, and the parameter that holds the command. */
const SHELLS = [
  "exec_command",
  "shell_command",
  "shell",
  "run_shell_command",
  "bash",
  "Bash",
  "Execute",
  "run_commands",
];
const COMMANDS = ["cmd", "command", "commands"];

/** The tool that runs commands, or undefined: such a request is no turn of the agent (a title, a summary). */
export function shellTool(tools: readonly Tool[]): Tool | undefined {
  return SHELLS.map((name) => tools.find((one) => one.name === name)).find((one) => one !== undefined);
}

/** A step as a call of the client's tool, or as text. @throws {Error} where the client has no such tool. */
export function answerOf(step: Step, tools: readonly Tool[]): Answer {
  if ("say" in step) return { text: step.say };
  const names = tools.map((one) => one.name).join(", ");
  if ("tool" in step) {
    const wanted = tools.find((one) => one.name.endsWith(step.tool));
    if (!wanted) throw new Error(`The client offers no tool "${step.tool}", but ${names}`);
    return { tool: wanted, args: step.args };
  }
  const found = shellTool(tools);
  if (!found) throw new Error(`The client offers no shell, but ${names}`);
  return { tool: found, args: { ...shellArgs(found, step.shell), ...step.extra } };
}

function shellArgs({ properties, required }: Tool, command: string): object {
  const name = COMMANDS.find((one) => one in properties) ?? "command";
  const isList = properties[name]?.type === "array";
  const wrapped = name === "commands" ? [command] : ["bash", "-lc", command];
  const args: Record<string, unknown> = { [name]: isList ? wrapped : command };
  for (const other of required) if (!(other in args)) args[other] = filler(properties[other]?.type);
  if ("yield_time_ms" in properties) args.yield_time_ms = 20_000;
  return args;
}

function filler(type: unknown): unknown {
  if (type === "boolean") return false;
  return type === "number" || type === "integer" ? 30_000 : "run";
}

/** Text of whatever a message holds, piece by piece. */
export function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textIn).join("\n");
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value).map(textIn).filter(Boolean).join("\n");
}

/** Server-sent events, each with its type as name where it has one. */
export function events(list: readonly (object | string)[]): string {
  return list
    .map((one) => {
      if (typeof one === "string") return `data: ${one}\n\n`;
      const name = "type" in one ? `event: ${one.type}\n` : "";
      return `${name}data: ${JSON.stringify(one)}\n\n`;
    })
    .join("");
}
