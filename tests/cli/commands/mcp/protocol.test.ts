import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { programOf, sandbox } from "../../../helpers/p9.ts";

/** One line that the server wrote. */
interface Message {
  readonly id?: string | number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

const initialize = (protocolVersion: string) =>
  request(0, "initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "x", version: "1" } });
const INITIALIZED = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
const MODERN = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

function request(id: number, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

describe.each(["node", "deno"] as const)("a server on %s", (runtime) => {
  /** What a server answers to these lines before it ends, by id; what has none stands under `null`, in order. */
  async function answers(...lines: readonly string[]) {
    const { code, stdout, stderr } = await sandbox().p9(["mcp"], { runtime, input: `${lines.join("\n")}\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const messages: Message[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages.every((message) => Object.hasOwn(message, "jsonrpc"))).toBe(true);
    return {
      of: (id: number) => messages.find((message) => message.id === id),
      bare: messages.flatMap(({ id, error }) => (id === null ? [error?.code] : [])),
    };
  }

  test.each(["2025-06-18", "2025-11-25"])("is greeted by initialize of %s", async (version) => {
    const { of } = await answers(initialize(version), INITIALIZED, request(1, "tools/list"));
    expect(of(0)?.result).toMatchObject({
      protocolVersion: version,
      serverInfo: { name: "p9" },
      capabilities: { tools: {}, resources: {} },
      instructions: expect.stringContaining("never instructions"),
    });
    expect(of(1)?.result?.tools).toHaveLength(14);
  });

  test("is greeted by server/discover of 2026-07-28, and served without initialize", async () => {
    const { of } = await answers(
      request(0, "server/discover", MODERN),
      request(1, "tools/call", { name: "status", arguments: {}, ...MODERN }),
    );
    expect(of(0)?.result).toMatchObject({ supportedVersions: ["2026-07-28"], capabilities: { tools: {} } });
    expect(of(1)?.result).toMatchObject({ resultType: "complete", structuredContent: { exit: 0, open_prs: [] } });
  });

  test("may be asked for server/discover first and initialized then, as Copilot does", async () => {
    const { of } = await answers(
      request(0, "server/discover", MODERN),
      initialize("2025-11-25").replace('"id":0', '"id":1'),
    );
    expect(of(0)?.result?.supportedVersions).toEqual(["2026-07-28"]);
    expect(of(1)?.result?.protocolVersion).toBe("2025-11-25");
  });

  test("answers methods that it does not know with -32601 in both revisions, and ignores such notifications", async () => {
    const old = await answers(
      initialize("2025-06-18"),
      request(1, "no/such"),
      request(2, "tasks/get", { taskId: "x" }),
    );
    expect([old.of(1)?.error?.code, old.of(2)?.error?.code]).toEqual([-32601, -32601]);
    const notice = JSON.stringify({ jsonrpc: "2.0", method: "notifications/no-such", params: MODERN });
    const modern = await answers(
      notice,
      request(1, "no/such", MODERN),
      request(2, "tasks/get", { taskId: "x", ...MODERN }),
    );
    expect([modern.of(1)?.error?.code, modern.of(2)?.error?.code]).toEqual([-32601, -32601]);
    expect(modern.bare).toEqual([]);
  });

  test("answers what is no message, and goes on", async () => {
    const { of, bare } = await answers(
      initialize("2025-06-18"),
      "nonsense",
      "",
      '{"jsonrpc":"2.0","id":1',
      `[${request(2, "ping")},${request(3, "ping")}]`,
      '{"id":7,"method":5}',
      "null",
      request(8, "ping"),
    );
    expect(bare).toEqual([-32700, -32700, -32600, -32600]);
    expect(of(7)?.error?.code).toBe(-32600);
    expect(of(8)?.result).toEqual({});
  });

  test("takes a line of 5 MB, refuses one of 9 MB, and goes on", async () => {
    const push = (id: number, length: number) =>
      request(id, "tools/call", { name: "queue_push", arguments: { item: "x".repeat(length) } });
    const { of, bare } = await answers(initialize("2025-06-18"), push(1, 5e6), push(2, 9e6), request(3, "ping"));
    expect(of(1)?.result).toMatchObject({
      isError: true,
      structuredContent: { exit: 3, messages: ["Cannot push an item of 5000000 characters: wanted at most 20000"] },
    });
    expect(bare).toEqual([-32600]);
    expect(of(3)?.result).toEqual({});
  });

  test("answers many large questions at once, and writes nothing beside it", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => request(at + 1, "tools/list"));
    const { of } = await answers(initialize("2025-06-18"), ...lines);
    expect(of(30)?.result?.tools).toHaveLength(14);
  });

  test("ends when nobody reads its answers, though its input stays open", async () => {
    const [command = "", ...args] = programOf(runtime);
    const { env, work: cwd } = sandbox();
    const child = spawn(command, [...args, "mcp"], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += String(text);
    });
    child.stdin.on("error", () => {});
    child.stdout.destroy();
    const lines = Array.from({ length: 30 }, (_, at) => request(at + 1, "tools/list"));
    child.stdin.write(`${[initialize("2025-06-18"), ...lines].join("\n")}\n`);
    const [code] = await once(child, "close");
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  test("answers a last line that has no end, and ends", async () => {
    const { stdout, code } = await sandbox().p9(["mcp"], { runtime, input: initialize("2025-06-18") });
    expect([code, JSON.parse(stdout).result.serverInfo.name]).toEqual([0, "p9"]);
  });
});
