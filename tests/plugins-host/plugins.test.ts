import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sumCalls } from "../../src/plugins-host/find/journal.ts";
import { editPluginsFile, readPluginsFile } from "../../src/plugins-host/find/plugins-file.ts";
import { allQueueSources, findNotifier, findQueueSource, findWaitKind } from "../../src/plugins-host/find/resolve.ts";
import { thirdPartyLogProviders } from "../../src/plugins-host/find/third-party.ts";
import { repositoryPlugins } from "../../src/plugins-host/find/trusted.ts";
import { askedAbout, grant, revoke } from "../../src/trust/trust.ts";
import { pluginWorld } from "./world.ts";

/** A module that notes each start of its process, and provides one source. */
const counting = (name: string, body = "return [];", part = "") => `
import { appendFileSync } from "node:fs";
appendFileSync(process.env.P9_TEST_WORLD + "/starts", "${name}\\n");
export default {
  name: "${name}",
  queueSources: [{ name: "${name}", summary: "S", ${part} async discover(context) { ${body} } }],
};`;

function starts(dir: string): string[] {
  const path = join(dir, "starts");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

describe("finding plugins", () => {
  it("starts each plugin once to learn what it provides, then only the one that is asked for", async () => {
    const world = pluginWorld();
    for (const name of ["one", "two"]) world.write(`${name}.mjs`, counting(name));
    world.use("./one.mjs", "./two.mjs");
    await findQueueSource("two", world.scope);
    expect(starts(world.dir).sort()).toEqual(["one", "two"]);
    const two = await findQueueSource("two", world.scope);
    expect(starts(world.dir)).toHaveLength(2);
    await two?.discover(world.discover());
    expect(starts(world.dir).slice(2)).toEqual(["two"]);
  });

  it("takes log providers as data, and says what is wrong with one", async () => {
    const world = pluginWorld();
    const target =
      '{ label: "run {id}", request: { path: "/runs/{id}" }, state: "/s", states: { failed: ["red"] }, logs: [] }';
    const provider = (more: string) =>
      `{ name: "acme-ci", title: "Acme", checked: "here", base: { url: "https://ci.acme.test" }, pages: [{ path: "/r/(?<id>\\\\d+)", is: "run" }], targets: { run: ${target} }${more} }`;
    const plugin = (name: string, more = "") =>
      `export default { name: "${name}", logProviders: [${provider(more)}] };`;
    world.write("good.mjs", plugin("good"));
    world.write("bad.mjs", plugin("bad", ", tokens: 1"));
    world.use("./good.mjs", "./bad.mjs");
    const problems: string[] = [];
    const scope = { ...world.scope, report: ({ message }: { message: string }) => problems.push(message) };
    const found = await thirdPartyLogProviders(scope, { taken: ["circleci"] });
    expect(found).toMatchObject([{ name: "acme-ci", pages: [{ path: "/r/(?<id>\\d+)" }] }]);
    expect(problems.join()).toContain('unknown key "tokens"');
  });

  it("starts none for a built-in name, nor for a name that nobody has", async () => {
    const world = pluginWorld();
    world.write("one.mjs", counting("one"));
    world.use("./one.mjs");
    expect((await findWaitKind("build", world.scope))?.name).toBe("build");
    expect((await findNotifier("ntfy", world.scope))?.name).toBe("ntfy");
    expect(starts(world.dir)).toEqual([]);
    await findWaitKind("nobody", world.scope);
    expect(await findWaitKind("nobody", world.scope)).toBeNull();
    expect(starts(world.dir)).toEqual(["one"]);
  });

  it("starts none where nothing may start: what is known must do, and a wait is registered as it was asked for", async () => {
    const world = pluginWorld();
    world.write(
      "k.mjs",
      `import { appendFileSync } from "node:fs";
      appendFileSync(process.env.P9_TEST_WORLD + "/starts", "k\\n");
      export default { name: "k", waitKinds: [{ name: "k", summary: "S", pin() {}, look() {} }] };`,
    );
    world.use("./k.mjs");
    const hook = { ...world.scope, startNothing: true };
    expect(await findWaitKind("k", hook)).toBeNull();
    expect(starts(world.dir)).toEqual([]);
    await findWaitKind("k", world.scope);
    writeFileSync(join(world.dir, "k.mjs"), "throw new Error('changed');");
    const kind = await findWaitKind("k", hook);
    const pushed = { sha: "a".repeat(40), branch: "main", at: 0 };
    const pin = await kind?.pin({ ref: null, argv: [], options: {}, network: false, pushed }, world.discover());
    expect(pin).toMatchObject({
      ref: "main",
      sha: pushed.sha,
      identity: { ref: null, branch: "main" },
      complete: false,
    });
    expect(starts(world.dir)).toEqual(["k"]);
  });

  it("asks a plugin again when its file changed", async () => {
    const world = pluginWorld();
    const path = world.write("one.mjs", counting("one"));
    world.use("./one.mjs");
    await findQueueSource("one", world.scope);
    writeFileSync(path, counting("other"));
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect((await findQueueSource("other", world.scope))?.name).toBe("other");
    expect(await findQueueSource("one", world.scope)).toBeNull();
  });

  it("lets nobody take a name that a built-in or an earlier plugin has", async () => {
    const world = pluginWorld();
    world.write("a.mjs", counting("linear"));
    world.write("b.mjs", counting("mine", "return [{ item: 'b', key: 'b' }];"));
    world.write("c.mjs", counting("mine", "return [{ item: 'c', key: 'c' }];"));
    world.use("./a.mjs", "./b.mjs", "./c.mjs");
    const names = (await allQueueSources(world.scope)).map(({ name }) => name);
    expect(names.filter((name) => name === "linear" || name === "mine")).toEqual(["linear", "mine"]);
    const mine = await findQueueSource("mine", world.scope);
    expect(await mine?.discover(world.discover())).toEqual([{ item: "b", key: "b" }]);
    const messages = world.problems.map(({ message }) => message);
    expect(messages).toContain('Plugin "./a.mjs" cannot provide the queue source "linear": p9 has one of that name');
    expect(messages).toContain(
      'Plugin "./c.mjs" cannot provide the queue source "mine": plugin "./b.mjs" has one of that name',
    );
  });

  it("names a configuration file that cannot be read, with its line, and goes on with the built-ins", async () => {
    const world = pluginWorld();
    world.write("plugins.jsonc", '{\n  "plugins": ["./a.mjs" "./b.mjs"]\n}');
    expect((await allQueueSources(world.scope)).map(({ name }) => name)).toContain("docs");
    expect(world.problems[0]?.message).toMatch(
      /Cannot read ".*plugins.jsonc": line 2, column 25 is no JSON: a comma is missing before that$/,
    );
  });

  it.each(["", "  \n", "// nothing yet\n", "/* none */", "[]", "{}"])(
    "takes %j for a file without plugins",
    async (text) => {
      const world = pluginWorld();
      const path = world.write("plugins.jsonc", text);
      await findQueueSource("x", world.scope);
      expect(world.problems).toEqual([]);
      await editPluginsFile(path, "npm:a", "add");
      expect((await readPluginsFile(path)).map(({ use }) => use)).toEqual(["npm:a"]);
      expect(readFileSync(path, "utf8")).toContain(text.match(/none|nothing yet/)?.[0] ?? "");
    },
  );

  it.each([
    ["nonsense", /wanted "npm:<package>", ".\/path", "\/path" or "exec:<program>"/],
    ["exec:", /wanted "npm:<package>"/],
    ["npm:not-there", /the package is not installed: run "p9 plugin add npm:not-there"/],
    ["npm:../../etc", /is no package name/],
    ["./not-there.mjs", /there is no file/],
    ["exec:./not-executable.json", /is not executable: run chmod \+x on it/],
  ])("says what is wrong with %s", async (spec, said) => {
    const world = pluginWorld();
    world.write("not-executable.json", "{}");
    world.use(spec);
    await findQueueSource("x", world.scope);
    expect(world.problems).toEqual([{ plugin: spec, message: expect.stringMatching(said) }]);
  });
});

describe("a plugin that was fine and is broken now", () => {
  it("keeps its wait kind and its source as ones that cannot be asked and say why", async () => {
    const world = pluginWorld();
    const good = `export default { name: "p", waitKinds: [{ name: "k", summary: "S", pin() {}, look() {} }],
      queueSources: [{ name: "s", summary: "S", discover: () => [] }] };`;
    const path = world.write("p.mjs", good);
    world.use("./p.mjs");
    expect(await findWaitKind("k", world.scope)).not.toBeNull();
    writeFileSync(path, "throw new Error('broken');");
    const kind = await findWaitKind("k", world.scope);
    const pin = { ref: "x", key: "x", identity: {}, complete: true };
    await expect(kind?.look(world.look(pin))).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringContaining("broken"),
    });
    const source = await findQueueSource("s", world.scope);
    await expect(source?.discover(world.discover())).rejects.toMatchObject({ name: "UnavailableError" });
  });
});

describe("a plugin that a watcher holds for hours", () => {
  const kindThat = (body: string) =>
    `export default { name: "p", waitKinds: [{ name: "k", summary: "S", pin() {}, async look() { ${body} } }] };`;
  const pin = { ref: "x", key: "x", identity: {}, complete: true };

  it("is used again once it is mended, and no more once it is named no longer", async () => {
    const world = pluginWorld();
    world.write("p.mjs", kindThat(`return { status: "running", reason: "Runs" };`));
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    world.write("p.mjs", "throw new Error('half written');");
    await expect(kind?.look(world.look(pin))).rejects.toThrow("half written");
    world.write("p.mjs", kindThat(`return { status: "succeeded", reason: "Mended" };`));
    expect(await kind?.look(world.look(pin))).toMatchObject({ reason: "Mended" });
    world.use();
    await expect(kind?.look(world.look(pin))).rejects.toThrow(/is named in ".*plugins.jsonc" no longer/);
  });

  it("does not run once its repository's trust is gone or its files are others, and does after trust", async () => {
    const world = pluginWorld();
    const looking = kindThat(`return { status: "running", reason: "Runs" };`);
    world.write("repo/.control/policy.yaml", "ci_watch:\n  plugins: [./tools/p.mjs]\n");
    world.write("repo/tools/p.mjs", looking);
    const scope = { ...world.scope, cwd: join(world.dir, "repo") };
    const trust = async () => {
      const asked = (await repositoryPlugins(scope)).map((one) => askedAbout(scope, one));
      await grant(scope, await Promise.all(asked), Date.now());
    };
    expect(await findWaitKind("k", scope)).toBeNull();
    await trust();
    const kind = await findWaitKind("k", scope);
    expect(await kind?.look(world.look(pin))).toMatchObject({ reason: "Runs" });
    world.write("repo/tools/p.mjs", `${looking} // changed`);
    await expect(kind?.look(world.look(pin))).rejects.toMatchObject({ needs: "p9 trust" });
    await trust();
    expect(await kind?.look(world.look(pin))).toMatchObject({ reason: "Runs" });
    await revoke(scope);
    await expect(kind?.look(world.look(pin))).rejects.toMatchObject({ needs: "p9 trust" });
  });
});

describe("a source that hung", () => {
  it("is not waited for again for two minutes, and says so", async () => {
    const world = pluginWorld();
    const hang = "await new Promise((r) => setTimeout(r, 60_000));";
    const path = world.write("one.mjs", counting("one", hang, "timeoutS: 0.3,"));
    world.use("./one.mjs");
    const source = await findQueueSource("one", world.scope);
    const context = world.discover();
    await expect(source?.discover(context)).rejects.toThrow(/did not answer "discover" within 0.3 s$/);
    // By the journal: on a busy machine the time may be up before the plugin can write.
    const asked = () => sumCalls(world.dir, { spec: "./one.mjs", path }).calls;
    const before = asked();
    await expect(source?.discover(context)).rejects.toThrow(/within 0.3 s; it is asked again in \d+ s$/);
    expect(asked()).toBe(before);
    const later = { ...context.clock, now: () => Date.now() + 121_000 };
    await expect(source?.discover({ ...context, clock: later })).rejects.toThrow(/within 0.3 s$/);
    expect(asked()).toBe(before + 1);
  });
});

describe("what a plugin gets", () => {
  it("is its options as configured: checked, with defaults, durations in seconds", async () => {
    const world = pluginWorld();
    const part = `options: { max: { type: "number", description: "D" }, age: { type: "duration", description: "D" },
      label: { type: "string", description: "D", default: "x" } },`;
    world.write("one.mjs", counting("one", "return [{ item: JSON.stringify(context.options), key: 'k' }];", part));
    world.use({ use: "./one.mjs", options: { one: { max: "3", age: "2m" } } });
    const source = await findQueueSource("one", world.scope);
    const [found] = (await source?.discover(world.discover())) ?? [];
    expect(JSON.parse(found?.item ?? "")).toEqual({ max: 3, age: 120, label: "x" });
  });

  it("is its defaults when nothing is configured", async () => {
    const world = pluginWorld();
    const part = `options: { max: { type: "number", description: "D", default: 5 } },`;
    world.write("one.mjs", counting("one", "return [{ item: JSON.stringify(context.options), key: 'k' }];", part));
    world.use("./one.mjs");
    const source = await findQueueSource("one", world.scope);
    expect(await source?.discover(world.discover())).toEqual([{ item: '{"max":5}', key: "k" }]);
  });

  it("is nothing, and a clear line instead, when its options are wrong", async () => {
    const world = pluginWorld();
    world.write("one.mjs", counting("one", "", `options: { max: { type: "number", description: "D" } },`));
    world.use({ use: "./one.mjs", options: { one: { max: "many" } } });
    const source = await findQueueSource("one", world.scope);
    await expect(source?.discover(world.discover())).rejects.toThrow(
      'Cannot use "many" for option "max": wanted a number',
    );
  });

  it("is no credential but those that it declares", async () => {
    const world = pluginWorld({ GITHUB_TOKEN: "ghp_secret", ACME_TOKEN: "acme-secret", PLAIN: "plain" });
    const body = `const seen = await context.exec(["env"]);
      return [{ item: JSON.stringify([context.env, process.env, seen.stdout]), key: "k" }];`;
    world.write("one.mjs", counting("one", body, `env: ["ACME_TOKEN"],`));
    world.use("./one.mjs");
    const source = await findQueueSource("one", world.scope);
    const [found] = (await source?.discover(world.discover())) ?? [];
    expect(found?.item.match(/acme-secret/g)).toHaveLength(3);
    expect(found?.item).toContain("plain");
    expect(found?.item).not.toContain("ghp_secret");
  });

  it("is p9's own fetch, GitHub, diff, clock and folder, asked for over the pipe", async () => {
    const world = pluginWorld();
    const body = `const answer = await context.fetch("http://x/", { method: "POST", body: "b" });
      const viewer = await context.github.graphql("query", { a: 1 });
      const item = [answer.status, answer.body, viewer.login, await context.diff(), ...(await context.changedFiles()),
        context.clock.now() >= 5000 && context.clock.now() < 60000, context.dataDir(), context.pr.number,
        ...(await context.logProviders()).map(({ name }) => name)];
      return [{ item: JSON.stringify(item), key: "k" }];`;
    world.write("one.mjs", counting("one", body));
    world.use("./one.mjs");
    const asked: unknown[] = [];
    const base = world.discover();
    const source = await findQueueSource("one", world.scope);
    const [found] =
      (await source?.discover({
        ...base,
        clock: { ...base.clock, now: () => 5000 },
        logProviders: async () => [{ name: "acme-ci" }],
        pr: { repo: "o/r", number: 7, branch: null, title: null, body: null, sha: null },
        fetch: async (...args) => {
          asked.push(args);
          return { status: 201, headers: {}, body: "made" };
        },
        github: { ...base.github, graphql: async <T>() => ({ login: "me" }) as T },
      })) ?? [];
    expect(JSON.parse(found?.item ?? "")).toEqual([
      201,
      "made",
      "me",
      "+ one line",
      "src/a.ts",
      true,
      base.dataDir(),
      7,
      "acme-ci",
    ]);
    expect(asked).toEqual([["http://x/", { method: "POST", body: "b" }]]);
  });

  it("is the error of p9's fetch, in a class that it can catch or let pass", async () => {
    const world = pluginWorld();
    world.write("one.mjs", counting("one", `await context.fetch("http://127.0.0.1:49151/");`));
    world.use("./one.mjs");
    const source = await findQueueSource("one", world.scope);
    await expect(source?.discover(world.discover())).rejects.toThrow(/^Cannot reach http:\/\/127.0.0.1:49151\/: /);
  });
});

describe("a notifier in a process of its own", () => {
  it("gets the options of its channel over those of plugins.jsonc, and refuses wrong ones for good", async () => {
    const world = pluginWorld();
    world.write(
      "n.mjs",
      `import { writeFileSync } from "node:fs";
      export default { name: "n", notifiers: [{ name: "n", summary: "S", options: {
        room: { type: "string", description: "D", default: "lobby" }, size: { type: "number", description: "D" } },
        async deliver(notice, { options, dataDir }) {
          writeFileSync(dataDir() + "/told", JSON.stringify([notice.title, options]));
        } }] };`,
    );
    world.use({ use: "./n.mjs", options: { n: { size: 1, room: "hall" } } });
    const notifier = await findNotifier("n", world.scope);
    const notice = { id: "1", kind: "test", title: "T", body: "B", severity: "info" } as const;
    const context = world.discover();
    await notifier?.deliver(notice, { ...context, options: { size: "2" } });
    const told = JSON.parse(readFileSync(join(context.dataDir(), "told"), "utf8"));
    expect(told).toEqual(["T", { room: "hall", size: 2 }]);
    await expect(notifier?.deliver(notice, { ...context, options: { size: "big" } })).rejects.toMatchObject({
      message: 'Cannot use "big" for option "size": wanted a number',
      lasting: true,
    });
  });
});

describe("what a notifier lacks", () => {
  it("is asked of a module and of a program; one that does not say so is not asked", async () => {
    const world = pluginWorld();
    world.write(
      "m.mjs",
      `export default { name: "m", notifiers: [
        { name: "lacks", summary: "S", foreground: true, async deliver() {}, async missing({ options }) { return "no " + options.what; },
          options: { what: { type: "string", description: "D" } } },
        { name: "lacks-nothing", summary: "S", async deliver() {}, async missing() { return null; } },
        { name: "says-nothing", summary: "S", async deliver() {} }] };`,
    );
    world.write(
      "p.sh",
      `#!/bin/sh
case $(cat) in
*describe*) echo '{"name": "p", "notifiers": [{"name": "program", "summary": "S", "has": ["missing"]}]}' ;;
*'"call":"missing"'*) echo '{"missing": "no bell"}' ;;
esac`,
    );
    world.use("./m.mjs", "exec:./p.sh");
    const asked = async (name: string, options = {}) =>
      (await findNotifier(name, world.scope))?.missing?.({ ...world.discover(), options });
    expect(await asked("lacks", { what: "gong" })).toBe("no gong");
    expect(await asked("lacks-nothing")).toBeNull();
    expect(await asked("program")).toBe("no bell");
    expect((await findNotifier("says-nothing", world.scope))?.missing).toBeUndefined();
    expect((await findNotifier("lacks", world.scope))?.foreground).toBe(true);
    expect(world.problems).toEqual([]);
  });
});

describe("a wait kind in a process of its own", () => {
  const KIND = `
    import { definePlugin, defineWaitKind, ObservationError, RefError } from "@broomva/p9";
    export default definePlugin({ name: "p", waitKinds: [defineWaitKind({
      name: "k", summary: "S", options: { n: { type: "number", description: "D" } },
      async pin({ ref }) {
        if (ref === "bad") throw new RefError("No such job");
        return { ref, key: "job:" + ref, identity: { id: ref }, complete: true };
      },
      async look({ pin, memory, remember, log }) {
        if (pin.ref === "limited") throw new ObservationError("Slow down", { retryAfterS: 7, needs: "a token" });
        log.info("looking");
        remember({ looks: (memory.looks ?? 0) + 1 });
        return { status: pin.ref === "odd" ? "finished" : "running", reason: "It runs", progress: { done: 1, total: 2, percent: 50, phase: null }, newsAt: pin.identity.news };
      },
    })] });`;
  const request = (ref: string) => ({ ref, argv: [], options: {}, network: true });

  it("pins, looks, remembers and logs as a built-in does", async () => {
    const world = pluginWorld();
    world.write("p.mjs", KIND);
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    const pin = await kind?.pin(request("a"), world.discover());
    expect(pin).toEqual({ ref: "a", key: "job:a", identity: { id: "a" }, complete: true });
    let memory = {};
    const remember = (next: object) => {
      memory = next;
    };
    for (const look of [0, 1]) {
      const seen = await kind?.look(world.look(pin!, { look, memory, remember }));
      expect(seen).toMatchObject({ status: "running", progress: { percent: 50 } });
    }
    expect(memory).toEqual({ looks: 2 });
    expect(world.logged).toContain("[p] looking");
  });

  it("says that a reference means nothing, and when to look again", async () => {
    const world = pluginWorld();
    world.write("p.mjs", KIND);
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    await expect(kind?.pin(request("bad"), world.discover())).rejects.toMatchObject({
      name: "RefError",
      message: "No such job",
    });
    const pin = { ref: "limited", key: "l", identity: {}, complete: true };
    await expect(kind?.look(world.look(pin))).rejects.toMatchObject({
      name: "ObservationError",
      retryAfterS: 7,
      needs: "a token",
    });
  });

  it("ends no wait with a status that is none", async () => {
    const world = pluginWorld();
    world.write("p.mjs", KIND);
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    const pin = { ref: "odd", key: "o", identity: {}, complete: true };
    await expect(kind?.look(world.look(pin))).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringMatching(/Plugin "p" gave a wrong answer: "status" of a look has the wrong shape/),
    });
  });

  it.each([1e300, -5, "yesterday"])("tells no news of a moment that is none: %s", async (news) => {
    const world = pluginWorld();
    world.write("p.mjs", KIND);
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    const pin = { ref: "a", key: "a", identity: { news }, complete: true };
    await expect(kind?.look(world.look(pin))).rejects.toThrow(/"newsAt" of a look has the wrong shape/);
  });

  it("is stopped with its process when nobody wants its answer any more", async () => {
    const world = pluginWorld();
    world.write("p.mjs", KIND.replace('log.info("looking");', "await new Promise(() => {});"));
    world.use("./p.mjs");
    const kind = await findWaitKind("k", world.scope);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const pin = { ref: "a", key: "a", identity: {}, complete: true };
    await expect(kind?.look(world.look(pin, { signal: stop.signal }))).rejects.toThrow("was stopped while it answered");
  });
});
