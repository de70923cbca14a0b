// needs: time
import { describe, expect, it } from "vitest";
import { findQueueSource, findWaitKind } from "../../src/plugins-host/find/resolve.ts";
import { eventually } from "../helpers/p9.ts";
import { processesWith } from "../helpers/processes.ts";
import { pluginWorld } from "./world.ts";

/** A module whose source and wait kind do `body`. */
const moduleDoing = (body: string, limitS = 20) => `
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { writeSync } from "node:fs";
async function work(context) { ${body} }
export default {
  name: "hostile",
  queueSources: [{ name: "bad", summary: "Bad", timeoutS: ${limitS}, discover: work }],
  waitKinds: [{ name: "bad-kind", summary: "Bad", lookTimeoutS: ${limitS}, look: work, pin: work }],
};`;

/** What a program does when it is asked for anything but its description. */
const programDoing = (body: string, limitS = 20) => `#!/usr/bin/env bash
if [[ $P9_CALL == describe ]]; then
  echo '{"name": "hostile", "queueSources": [{"name": "bad", "summary": "Bad", "timeoutS": ${limitS}}], "waitKinds": [{"name": "bad-kind", "summary": "Bad", "lookTimeoutS": ${limitS}}]}'
  exit
fi
${body}
`;

const PIN = { ref: "x", key: "x", identity: {}, complete: true };

/** On a slow machine the time may be up before the limit of its output is reached. */
const FLOOD = /printed too much|did not answer "\w+" within 1 s/;

/** Only what hangs is given little time: starting a process may take long on a busy machine. */
const limitOf = (said: RegExp) => (said.source.includes("did not answer") ? 1 : 20);

/** Every fault, and what p9 says of it. */
const MODULES: Readonly<Record<string, readonly [body: string, said: RegExp]>> = {
  throws: [`throw new Error("my own bug");`, /Plugin "hostile" failed in "\w+": my own bug/],
  "throws nothing": ["throw undefined;", /Plugin "hostile" failed in/],
  "never answers": ["await new Promise(() => setInterval(() => {}, 1000));", /did not answer "\w+" within 1 s/],
  "spins for ever": ["for (;;);", /did not answer "\w+" within 1 s/],
  "ignores the signal to end": [`process.on("SIGTERM", () => {}); for (;;);`, /did not answer "\w+" within 1 s/],
  "floods its output": [`for (;;) try { writeSync(1, "x".repeat(65535) + "\\n"); } catch {}`, FLOOD],
  "floods its output in one line": [`for (;;) try { writeSync(1, "x".repeat(65536)); } catch {}`, FLOOD],
  "floods its log": [`for (;;) console.log("x".repeat(1000));`, FLOOD],
  "exits as if all were well": ["process.exit(0);", /ended with exit code 0 before it answered/],
  "kills itself": [`process.kill(process.pid, "SIGKILL"); await new Promise(() => {});`, /ended with signal SIGKILL/],
  "answers with 30 MB": [`return [{ item: "x".repeat(30_000_000), key: "k" }];`, FLOOD],
  "answers with a cycle": ["const a = {}; a.a = a; return a;", /failed in "\w+": Converting circular structure/],
  "forges an answer": [`writeSync(1, '{"type":"value","value":[]}\\n'); process.exit(0);`, /ended with exit code 0/],
  "fails after it was asked": [
    `setTimeout(() => { throw new Error("late"); }); await new Promise(() => {});`,
    /failed in "\w+": late/,
  ],
  "rejects on the side": [`Promise.reject(new Error("aside")); await new Promise(() => {});`, /failed in "\w+": aside/],
};

const PROGRAMS: Readonly<Record<string, readonly [body: string, said: RegExp]>> = {
  "never answers": ["sleep 1000", /did not answer "\w+" within 1 s/],
  "ignores the signal to end": ["trap '' TERM; while :; do sleep 1; done", /did not answer/],
  "floods its output": ["yes '{}'", FLOOD],
  "floods its log": ["yes >&2", FLOOD],
  "prints noise": ["echo Hello; echo '{}'", /printed a line that is no JSON object: "Hello"/],
  "fails without a word": ["exit 7", /ended with exit code 7 before it answered/],
  "says on stderr why it failed": ["echo 'no config' >&2; exit 1", /ended with exit code 1 .*: no config/],
  "is killed": ["kill -9 $$", /ended with signal SIGKILL/],
};

const everyFault = [
  ...Object.entries(MODULES).map(
    ([name, [body, said]]) => ["module", name, "p.mjs", moduleDoing(body, limitOf(said)), said] as const,
  ),
  ...Object.entries(PROGRAMS).map(
    ([name, [body, said]]) => ["program", name, "p.sh", programDoing(body, limitOf(said)), said] as const,
  ),
];

describe.concurrent("a plugin that misbehaves", () => {
  it.for(everyFault)(
    "a %s that %s is reported by name and leaves nothing behind",
    async ([type, _, file, text, said], test) => {
      const world = pluginWorld({}, test);
      world.use(type === "program" ? `exec:./${file}` : `./${file}`);
      world.write(file, text);
      const source = await findQueueSource("bad", world.scope);
      const error = await source?.discover(world.discover()).catch((problem: unknown) => problem);
      expect(error).toMatchObject({ name: "UnavailableError", message: expect.stringMatching(said) });
      const kind = await findWaitKind("bad-kind", world.scope);
      const seen = await kind?.look(world.look(PIN)).catch((problem: unknown) => problem);
      expect(seen).toMatchObject({ name: "ObservationError", message: expect.stringContaining('Plugin "hostile"') });
      await eventually("nothing of it runs", () => processesWith(world.dir).length === 0);
    },
  );
});

describe("a flood", () => {
  it.each([
    ["its answer", "yes '{}'"],
    ["its log", "yes >&2"],
  ])("of %s is stopped long before the time is up", async (_, body) => {
    const world = pluginWorld();
    world.write("p.sh", programDoing(body, 30));
    world.use("exec:./p.sh");
    const source = await findQueueSource("bad", world.scope);
    await expect(source?.discover(world.discover())).rejects.toThrow('printed too much while it answered "discover"');
  });
});

describe("what a plugin leaves behind", () => {
  it("does not keep p9 waiting, and ends: timers, servers, children of their own session, daemons", async () => {
    const world = pluginWorld();
    world.use("./leak.mjs");
    world.write(
      "leak.mjs",
      moduleDoing(
        `setInterval(() => {}, 1000);
         createServer().listen(0, "127.0.0.1");
         spawn("sleep", ["1001"], { detached: true, stdio: "inherit" }).unref();
         spawn("sh", ["-c", "setsid sleep 1002 & sleep 0.05"], { stdio: "ignore" });
         await new Promise((resolve) => setTimeout(resolve, 200));
         return [{ item: "still fine", key: "k" }];`,
      ),
    );
    const source = await findQueueSource("bad", world.scope);
    expect(await source?.discover(world.discover())).toEqual([{ item: "still fine", key: "k" }]);
    await eventually("nothing of it runs", () => processesWith(world.dir).length === 0);
  });

  it("ends although p9 was killed while it hung, at the next call of any plugin", async () => {
    const world = pluginWorld();
    world.write("hang.sh", programDoing("sleep 1003"));
    world.write("fine.sh", programDoing(`echo '{"item": "i", "key": "k"}'`));
    const { spawn } = await import("node:child_process");
    // As a killed p9 would have left it: marked by a process that is gone.
    const ns = (await import("node:fs")).readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
    spawn(`${world.dir}/hang.sh`, [], {
      detached: true,
      stdio: "ignore",
      env: { ...process.env, P9_TEST_WORLD: world.dir, P9_PLUGIN_CALL: `${ns}.4194303.1` },
    });
    await eventually("it hangs", () => processesWith(world.dir).length > 0);
    world.use("exec:./fine.sh");
    const source = await findQueueSource("bad", world.scope);
    await source?.discover(world.discover());
    await eventually("it is gone", () => processesWith(world.dir).length === 0);
  });
});

describe("a plugin that cannot be loaded", () => {
  const WRONG: Readonly<Record<string, readonly [text: string, said: RegExp]>> = {
    "has a syntax error": ["export default {", /Plugin ".\/p.mjs" failed in "describe"/],
    "throws while it is imported": ["throw new Error('at import');", /failed in "describe": at import/],
    "imports what is not there": ["import 'nowhere-to-be-found';", /nowhere-to-be-found/],
    "has no default export": ["export const a = 1;", /no default export/],
    "has no name": ["export default { queueSources: [] };", /wanted a kebab-case name/],
    "provides nothing": [
      "export default { name: 'a' };",
      /provides no wait kind, queue source, notifier, log provider or reviewer/,
    ],
    "is of another API": [
      "export default { name: 'a', api: 2, queueSources: [] };",
      /it is written for API 2, this p9 has API 1/,
    ],
    "has a part without its function": [
      "export default { name: 'a', queueSources: [{ name: 'b', summary: 'c' }] };",
      /wanted a function "discover"/,
    ],
    "has an option of no type": [
      "export default { name: 'a', queueSources: [{ name: 'b', summary: 'c', options: { x: {} }, discover() {} }] };",
      /option "x" has no known type/,
    ],
    "has a wait kind with an option of p9's own": [
      "export default { name: 'a', waitKinds: [{ name: 'b', summary: 'c', options: { json: { type: 'string', description: 'd' } }, pin() {}, look() {} }] };",
      /describes "b" wrongly: "--json" is a flag of p9 watch itself/,
    ],
    "exits while it is imported": ["process.exit(0);", /ended with exit code 0 before it answered "describe"/],
  };
  it.each(Object.entries(WRONG).map(([name, [text, said]]) => [name, text, said] as const))(
    "because it %s is reported, and the others work",
    async (_, text, said) => {
      const world = pluginWorld();
      world.use("./p.mjs", "./good.mjs");
      world.write("p.mjs", text);
      world.write("good.mjs", moduleDoing(`return [{ item: "i", key: "k" }];`));
      const source = await findQueueSource("bad", world.scope);
      expect(await source?.discover(world.discover())).toEqual([{ item: "i", key: "k" }]);
      expect(world.problems).toEqual([{ plugin: "./p.mjs", message: expect.stringMatching(said) }]);
    },
  );
});
