import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { type Answer, startReceiver } from "../../../plugins/notifiers/receiver.ts";

interface Row {
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly wait_id: string | null;
  readonly deliveries: readonly { readonly channel: string; readonly ok: boolean; readonly error?: string }[];
}

async function receiver(answer?: () => Answer) {
  const started = await startReceiver(answer);
  onTestFinished(started.close);
  return started;
}

/** A user with these channels. */
function user(channels: readonly object[] | null): Sandbox {
  const one = sandbox();
  mkdirSync(one.home, { recursive: true });
  if (channels) writeFileSync(join(one.home, "notify.json"), JSON.stringify({ channels }));
  return one;
}

function rows({ home }: Sandbox): Row[] {
  return readFileSync(join(home, "notify.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("p9 notify", () => {
  test("tells every channel, whatever its filter, and keeps one line with all results", async () => {
    const server = await receiver();
    const one = user([
      { type: "webhook", url: server.url, kinds: ["stuck"] },
      { type: "ntfy", url: server.url, topic: "t" },
      { type: "command", cmd: "cat > heard.json" },
    ]);
    const title = "déployé → prêt — 🎉";
    const row = await one.json<Row>(["notify", title, "--body", "hello"]);
    expect(row).toMatchObject({ kind: "manual", title, body: "hello" });
    expect(row.deliveries.map(({ channel, ok }) => [channel, ok])).toEqual([
      ["webhook", true],
      ["ntfy", true],
      ["command", true],
    ]);
    expect(server.received.map(({ json }) => json.title)).toEqual([title, title]);
    expect(JSON.parse(readFileSync(join(one.work, "heard.json"), "utf8"))).toMatchObject({ title, body: "hello" });
    expect(rows(one)).toHaveLength(1);
    expect(statSync(join(one.home, "notify.jsonl")).mode & 0o777).toBe(0o600);
  });

  test("exits 1 when a channel failed, and says which and why; the others have it", async () => {
    const server = await receiver();
    const one = user([
      { type: "command", cmd: "echo no phone >&2; exit 9" },
      { type: "webhook", url: server.url },
    ]);
    const { code, stdout } = await one.p9(["notify", "x"]);
    expect(code).toBe(1);
    expect(stdout).toBe('FAIL command: The command "echo no phone >&2; exit 9" ended with 9: no phone\nok   webhook\n');
    expect(server.received).toHaveLength(1);
  });

  test("exits 1 without any channel, says in a line that nobody was told, and keeps the row", async () => {
    const one = user(null);
    const { code, stdout, stderr } = await one.p9(["notify", "nobody hears"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^p9: Nobody was told: no channel is configured [^\n]*\n$/);
    expect(rows(one)).toMatchObject([{ title: "nobody hears", deliveries: [] }]);
  });

  test("reads a body from standard input when asked, and hides secrets in it", async () => {
    const one = user(null);
    const secret = `ghp_${"a1B2".repeat(9)}`;
    await one.p9(["notify", "x", "--body", "-"], { input: `see ${secret}` });
    expect(rows(one)[0]?.body).toBe("see ***");
  });

  test("refuses a notice without a title, and a severity that is none", async () => {
    expect((await user(null).p9(["notify"])).code).toBe(3);
    expect((await user(null).p9(["notify", " "])).code).toBe(3);
    expect((await user(null).p9(["notify", "x", "--severity", "loud"])).code).toBe(3);
  });

  test("exits 99 and prints the line when it cannot be kept", async () => {
    const one = user(null);
    mkdirSync(join(one.home, "notify.jsonl"));
    const { code, stderr } = await one.p9(["notify", "x"]);
    expect(code).toBe(99);
    expect(stderr).toContain('"title":"x"');
  });
});

describe("a channel that hangs", () => {
  test("holds up no foreground watch, no read-only command, and nobody is told twice", async () => {
    const server = await receiver(() => "hang");
    const one = user([{ type: "webhook", url: server.url, timeout: 600 }]);
    const watch = await one.p9(["watch", "command", "now", "--cmd", "true"]);
    expect(watch.code).toBe(0);
    await expect.poll(() => server.received.length).toBe(1);
    expect((await one.p9(["status"])).code).toBe(0);
    expect((await one.p9(["report"])).code).toBe(0);
    expect(server.received).toHaveLength(1);
    expect(rows(one)).toMatchObject([{ kind: "termination:green", deliveries: [] }]);
  });
});

test("a home whose files others may read is written for the user only", async () => {
  const one = user(null);
  chmodSync(one.home, 0o755);
  await one.p9(["notify", "x"]);
  expect(statSync(join(one.home, "notify.jsonl")).mode & 0o077).toBe(0);
});

test("p9 doctor looks at every channel without sending anything", async () => {
  const server = await receiver();
  const good = user([{ type: "webhook", url: server.url }]);
  const checks = async (one: Sandbox) => {
    const { stdout } = await one.p9(["doctor", "--json"]);
    const document: { checks: { name: string; ok: boolean; detail: string }[] } = JSON.parse(stdout);
    return document.checks.filter(({ name }) => name === "notify").map(({ ok, detail }) => `${ok} ${detail}`);
  };
  expect(await checks(good)).toEqual(['true channel "webhook" (webhook); p9 notify <title> tries it']);
  expect(
    await checks(user([{ type: "ntfy" }, { type: "pigeon" }, { type: "webhook", url: "x", severity: "loud" }])),
  ).toEqual([
    'false Cannot use channel "webhook": "severity" is info, warning or error',
    'false channel "ntfy" has no "topic"',
    'false channel "pigeon": its type "pigeon" is not known',
  ]);
  expect(await checks(user(null))).toEqual([expect.stringMatching(/^true no channel/)]);
  expect(server.received).toEqual([]);
});
