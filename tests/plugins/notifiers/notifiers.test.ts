import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import command from "../../../plugins/notifiers/command.ts";
import ntfy from "../../../plugins/notifiers/ntfy.ts";
import webhook from "../../../plugins/notifiers/webhook.ts";
import { type DeliverContext, type Env, type Notice, ObservationError, type Options } from "../../../src/plugin.ts";
import { makePluginContext } from "../../../src/plugins-host/context.ts";
import { type Answer, startReceiver } from "./receiver.ts";

const NOTICE: Notice = {
  id: "n-1",
  kind: "termination:green",
  title: "PR #42 → GREEN — prêt 🎉",
  body: "all 9 checks succeeded",
  severity: "info",
};

let folder = "";
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "p9-notifier-"));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function receiver(answer?: () => Answer) {
  const started = await startReceiver(answer);
  closers.push(started.close);
  return started;
}

function context(options: Options, env: Env = { PATH: process.env.PATH }): DeliverContext {
  const github = {
    graphql: () => Promise.reject(new Error("unused")),
    rest: () => Promise.reject(new Error("unused")),
    repository: () => Promise.reject(new Error("unused")),
  };
  return { ...makePluginContext({ plugin: "test", home: folder, env, cwd: folder, github }), options };
}

/** Whether a process still runs: an orphan that nobody has collected yet is no running process. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("ntfy", () => {
  test("publishes JSON to the server's root, so that a title in UTF-8 arrives whole", async () => {
    const server = await receiver();
    await ntfy.deliver(NOTICE, context({ url: `${server.url}/`, topic: "my-topic", tags: "robot, tada" }));
    expect(server.received[0]?.path).toBe("/");
    expect(server.received[0]?.json).toMatchObject({
      topic: "my-topic",
      title: "PR #42 → GREEN — prêt 🎉",
      message: "all 9 checks succeeded",
      tags: ["robot", "tada"],
      priority: 3,
      sequence_id: "n-1",
    });
  });

  test("sends its token as a bearer, from the environment when the option says so", async () => {
    const server = await receiver();
    const options = { url: server.url, topic: "t", token: "env:MY_NTFY" };
    await ntfy.deliver(NOTICE, context(options, { MY_NTFY: "tk_secret" }));
    expect(server.received[0]?.headers.authorization).toBe("Bearer tk_secret");
    await expect(ntfy.deliver(NOTICE, context(options, {}))).rejects.toThrow('the variable "MY_NTFY" is not set');
  });

  test("keeps a message of any size below the server's limit without cutting a character", async () => {
    const server = await receiver();
    await ntfy.deliver({ ...NOTICE, body: "é🎉".repeat(5_000) }, context({ url: server.url, topic: "t" }));
    const message = String(server.received[0]?.json.message);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(3_900);
    expect(message).not.toContain("\ufffd");
    expect(message.endsWith("…")).toBe(true);
  });

  test("raises the priority of warnings and errors", async () => {
    const server = await receiver();
    await ntfy.deliver({ ...NOTICE, severity: "error" }, context({ url: server.url, topic: "t" }));
    expect(server.received[0]?.json.priority).toBe(4);
  });
});

describe("webhook", () => {
  test("posts title, body and payload with an id that a receiver can drop repetitions by", async () => {
    const server = await receiver();
    await webhook.deliver({ ...NOTICE, payload: { pr: 42 } }, context({ url: `${server.url}/hook?x=1` }));
    const [request] = server.received;
    expect(request?.path).toBe("/hook?x=1");
    expect(request?.json).toEqual({
      id: "n-1",
      kind: "termination:green",
      title: NOTICE.title,
      body: NOTICE.body,
      severity: "info",
      payload: { pr: 42 },
    });
    expect(request?.headers["idempotency-key"]).toBe("n-1");
  });

  test("signs the very bytes that it sends", async () => {
    const server = await receiver();
    await webhook.deliver(NOTICE, context({ url: server.url, secret: "s3cret" }));
    const [request] = server.received;
    const expected = createHmac("sha256", "s3cret")
      .update(request?.raw ?? "")
      .digest("hex");
    expect(request?.headers["x-p9-signature-256"]).toBe(`sha256=${expected}`);
  });

  test("sends extra headers, with values from the environment", async () => {
    const server = await receiver();
    const options = { url: server.url, headers: ["X-Team: ops", "Authorization: env:HOOK_AUTH"] };
    await webhook.deliver(NOTICE, context(options, { HOOK_AUTH: "Bearer abc" }));
    expect(server.received[0]?.headers).toMatchObject({ "x-team": "ops", authorization: "Bearer abc" });
  });

  test("speaks Slack and Discord, and lets outside text ping nobody", async () => {
    const server = await receiver();
    const hostile = { ...NOTICE, title: "<!channel> @everyone" };
    await webhook.deliver(hostile, context({ url: server.url, format: "slack" }));
    await webhook.deliver(hostile, context({ url: server.url, format: "discord" }));
    expect(server.received[0]?.json.text).toContain("&lt;!channel&gt;");
    expect(server.received[1]?.json.allowed_mentions).toEqual({ parse: [] });
  });

  test.each([500, 502, 503, 429, 408])("asks for another try after HTTP %i", async (status) => {
    const server = await receiver(() => ({ status, headers: { "retry-after": "7" }, body: "busy" }));
    const error = await webhook.deliver(NOTICE, context({ url: server.url })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ObservationError);
    expect(error).toMatchObject({ retryAfterS: 7, message: `The webhook answered HTTP ${status}: busy` });
  });

  test.each([400, 401, 403, 404, 410, 413])("gives up after HTTP %i", async (status) => {
    const server = await receiver(() => ({ status }));
    const error = await webhook.deliver(NOTICE, context({ url: server.url })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ObservationError);
  });

  test("does not follow a redirect, which would lose the message and show the secret to another host", async () => {
    const other = await receiver();
    const server = await receiver(() => ({ status: 302, headers: { location: `${other.url}/x` } }));
    await expect(webhook.deliver(NOTICE, context({ url: server.url }))).rejects.toThrow(`"${other.url}/x"`);
    expect(other.received).toEqual([]);
  });

  test("asks for another try when the connection is cut or refused", async () => {
    const server = await receiver(() => "cut");
    await expect(webhook.deliver(NOTICE, context({ url: server.url }))).rejects.toBeInstanceOf(ObservationError);
    await server.close();
    await expect(webhook.deliver(NOTICE, context({ url: server.url }))).rejects.toBeInstanceOf(ObservationError);
  });
});

describe("command", () => {
  test("gives the notice as one JSON document on standard input", async () => {
    await command.deliver({ ...NOTICE, payload: { pr: 1 } }, context({ cmd: "cat > sink.json" }));
    expect(JSON.parse(readFileSync(join(folder, "sink.json"), "utf8"))).toEqual({
      id: "n-1",
      kind: "termination:green",
      title: NOTICE.title,
      body: NOTICE.body,
      severity: "info",
      url: null,
      payload: { pr: 1 },
      event: null,
    });
  });

  test("never lets text of the notice reach the shell", async () => {
    const hostile = { ...NOTICE, title: "$(touch pwned) `touch pwned`; touch pwned" };
    await command.deliver(hostile, context({ cmd: "cat > sink.json" }));
    expect(() => readFileSync(join(folder, "pwned"))).toThrow();
  });

  test("runs a program without a shell when it is given as a list", async () => {
    await command.deliver(NOTICE, context({ argv: ["tee", "with space; x"] }));
    expect(readFileSync(join(folder, "with space; x"), "utf8")).toContain("termination:green");
  });

  test("reports how the program failed, with the last line it said", async () => {
    const failing = command.deliver(NOTICE, context({ cmd: "echo first >&2; echo no route >&2; exit 3" }));
    await expect(failing).rejects.toThrow("ended with 3: no route");
    await expect(failing).rejects.not.toBeInstanceOf(ObservationError);
  });

  test("asks for another try when the program exits 75", async () => {
    await expect(command.deliver(NOTICE, context({ cmd: "exit 75" }))).rejects.toBeInstanceOf(ObservationError);
  });

  test("ends a program that hangs, and what it started", async () => {
    const hanging = context({ cmd: "sh -c 'echo $$ > pid; exec sleep 600' & wait", timeout: 0.3 });
    await expect(command.deliver(NOTICE, hanging)).rejects.toThrow("took longer than 0.3 s");
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    await expect.poll(() => runs(pid)).toBe(false);
  });

  test("does not mind a program that reads nothing", async () => {
    await command.deliver({ ...NOTICE, body: "x".repeat(200_000) }, context({ cmd: "true" }));
  });

  test("says so when the program does not exist, or none is named", async () => {
    await expect(command.deliver(NOTICE, context({ argv: ["/no/such"] }))).rejects.toThrow('Cannot run "/no/such"');
    await expect(command.deliver(NOTICE, context({}))).rejects.toThrow("names no command");
  });
});
