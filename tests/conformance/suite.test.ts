// needs: time
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runChecks } from "../../src/conformance/check.ts";
import { notifierChecks } from "../../src/conformance/notifier.ts";
import { queueSourceChecks } from "../../src/conformance/queue-source.ts";
import { waitKindChecks } from "../../src/conformance/wait-kind.ts";
import {
  type DiscoverContext,
  type FoundItem,
  type LookContext,
  type LookResult,
  type Notifier,
  ObservationError,
  type PluginContext,
  type QueueSource,
  UnavailableError,
  type WaitKind,
} from "../../src/plugin.ts";
import { PluginFault } from "../../src/plugins-host/call/target.ts";
import { type ConformanceWorld, conformanceWorld } from "./world.ts";

const SERVICE = '{"id":"job-17","state":"RUNNING"}';

/** A world whose one service says that a job runs. */
function served(world: ConformanceWorld, body = SERVICE): PluginContext {
  const context = { ...world.context(), env: { ...world.env, ACME_TOKEN: "acme-secret-1" } };
  return { ...context, fetch: async () => ({ status: 200, headers: {}, body }) };
}

/** A sound kind: knows three states, and takes what it does not know for running. */
const KIND: WaitKind = {
  name: "job",
  summary: "A job of a service",
  lookTimeoutS: 1,
  pin: async ({ ref }) => ({ ref: ref ?? "job-17", key: "job-17", identity: { id: "job-17" }, complete: true }),
  async look({ fetch }): Promise<LookResult> {
    const state = await stateOf(fetch);
    if (state === "DONE") return { status: "succeeded", reason: "It is done" };
    if (state === "FAILED") return { status: "failed", reason: "It failed" };
    return { status: "running", reason: "It runs", unknown: state === "RUNNING" ? [] : [state] };
  },
};

async function stateOf(fetch: PluginContext["fetch"]): Promise<string> {
  const { status, body } = await fetch("http://service/job-17");
  if (status !== 200) throw new ObservationError(`The service answered ${status}`);
  try {
    return String(JSON.parse(body).state);
  } catch {
    throw new ObservationError("The service answered with no JSON");
  }
}

/** Names of the checks that a part fails in a world of their own: these tests run beside one another. */
async function failures(checksIn: (world: ConformanceWorld) => Parameters<typeof runChecks>[0]): Promise<string[]> {
  const world = conformanceWorld({ keep: true });
  try {
    const results = await runChecks(checksIn(world));
    return results.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
  } finally {
    await world.close();
  }
}

describe.concurrent("the suite of wait kinds", () => {
  const failing = (kind: Partial<WaitKind>, body?: string) =>
    failures((world) => {
      const request = { ref: "job-17", argv: [], options: {}, network: true };
      const context = () => served(world, body);
      return waitKindChecks({ kind: { ...KIND, ...kind }, request, context, folders: world.folders });
    });
  const looking = (look: (context: LookContext) => Promise<LookResult>) => failing({ look });

  it("passes a sound kind", async () => {
    expect(await failing({})).toEqual([]);
  });

  it("takes a crash of third-party code for no answer, though the engine gets it as an observation error", async () => {
    const crash = new PluginFault({ label: "word" }, 'failed in "resolve": The "path" argument must be of type string');
    const pin = () => Promise.reject(new ObservationError(crash.message, { cause: crash }));
    const failed = await failing({ pin });
    expect(failed).toContain("pins without the network, or says that it cannot");
    expect(failed).toContain("refuses a reference that means nothing, or leaves it open");
  });

  it.each<[string, Partial<WaitKind>, string]>([
    ["a summary of two lines", { summary: "a\nb" }, "has a kebab-case name and a summary of one line"],
    [
      "a default that does not fit",
      { options: { n: { type: "number", description: "D", default: "x" } } },
      "describes its options, with defaults that fit",
    ],
    [
      "an option that p9 watch has already",
      { options: { force: { type: "boolean", description: "D" } } },
      "has no option that is a flag of p9 watch itself",
    ],
    ["a credential called with a space", { env: ["MY TOKEN"] }, "names credential variables as variables are named"],
  ])("finds %s", async (_, kind, check) => {
    expect(await failing(kind)).toContain(check);
  });

  it("finds a key that changes", async () => {
    let n = 0;
    const pin: WaitKind["pin"] = async () => ({ ref: "x", key: String(n++), identity: {}, complete: true });
    expect(await failing({ pin })).toContain("pins the same reference to the same key, as plain data");
  });

  it("finds a credential in the pin", async () => {
    const pin: WaitKind["pin"] = async (_, { env }) => {
      return { ref: "x", key: "x", identity: { token: env.ACME_TOKEN }, complete: true };
    };
    const check = "pins the same reference to the same key, as plain data";
    expect(await failing({ pin, env: ["ACME_TOKEN"] })).toContain(check);
  });

  it("finds a pin() that throws what nobody expects", async () => {
    const pin: WaitKind["pin"] = async ({ ref, network }) => {
      if (ref !== "job-17") throw new TypeError("boom");
      if (!network) throw new RangeError("offline");
      return { ref, key: "x", identity: {}, complete: true };
    };
    expect(await failing({ pin })).toEqual([
      "pins without the network, or says that it cannot",
      "refuses a reference that means nothing, or leaves it open",
    ]);
  });

  it("finds a look of the wrong shape", async () => {
    const look = async () => ({ status: "finished", reason: "x" }) as unknown as LookResult;
    expect(await looking(look)).toContain("looks once and says what it saw");
  });

  it("finds a kind that keeps what it must know in its process only", async () => {
    const pins = new Set<object>();
    const pin: WaitKind["pin"] = async () => {
      const made = { ref: "x", key: "x", identity: {}, complete: true };
      pins.add(made.identity);
      return made;
    };
    const look = async ({ pin: own }: LookContext): Promise<LookResult> => {
      if (!pins.has(own.identity)) throw new Error("never seen");
      return { status: "running", reason: "It runs" };
    };
    expect(await failing({ pin, look })).toContain(
      "looks again after a restart, from nothing but its pin and its memory",
    );
  });

  it("finds a kind that asks for trust in what its runs() does not give", async () => {
    const look = async ({ trusted, pin }: LookContext): Promise<LookResult> => {
      await trusted(`acme ${pin.ref}`, "curl acme");
      return { status: "running", reason: "It runs" };
    };
    const runs = (content: string) => async () => [{ subject: "acme job-17", content }];
    expect(await failing({ look })).toEqual(["asks for trust in nothing but what its runs() gives"]);
    expect(await failing({ look, runs: runs("curl other") })).toHaveLength(1);
    expect(await failing({ look, runs: runs("curl acme") })).toEqual([]);
  });

  it("finds a look that writes into the working directory", async () => {
    const look = async ({ cwd }: LookContext): Promise<LookResult> => {
      appendFileSync(join(cwd, "cache"), "x");
      return { status: "running", reason: "It runs" };
    };
    expect(await looking(look)).toContain("writes nothing outside its own folder");
  });

  it("finds a look that cannot be stopped", async () => {
    const look = async ({ fetch }: LookContext): Promise<LookResult> => {
      for (let tries = 0; tries < 80; tries += 1) {
        const answer = await fetch("http://service/").catch(() => null);
        if (answer) return { status: "running", reason: "It runs" };
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("given up");
    };
    expect(await looking(look)).toContain("stops when it is told to");
  }, 60_000);

  it("finds a kind that takes a failed request for a failed job", async () => {
    const look = async ({ fetch }: LookContext): Promise<LookResult> => {
      const state = await stateOf(fetch).catch(() => "FAILED");
      return state === "RUNNING" ? { status: "running", reason: "r" } : { status: "failed", reason: "f" };
    };
    expect(await looking(look)).toEqual([
      "gives no verdict when nothing can be reached",
      "gives no verdict when everything answers 401",
      "gives no verdict when everything answers 429",
      "gives no verdict when everything answers 502",
      "gives no verdict when everything answers with a page that is no data",
      "gives no verdict when everything answers with nothing",
      "gives no verdict when every answer is cut off in the middle",
      "gives no verdict when every word in the answers is unknown",
    ]);
  });

  it("finds a kind that takes an unknown state for the end", async () => {
    const look = async ({ fetch }: LookContext): Promise<LookResult> => {
      const state = await stateOf(fetch);
      return state === "RUNNING" ? { status: "running", reason: "r" } : { status: "succeeded", reason: "s" };
    };
    expect(await looking(look)).toEqual(["gives no verdict when every word in the answers is unknown"]);
  });
});

describe.concurrent("the suite of queue sources", () => {
  const ITEMS: readonly FoundItem[] = [{ item: "Do it", key: "1" }];
  const failing = (discover: (context: DiscoverContext) => Promise<readonly FoundItem[]>) =>
    failures((world) => {
      const source: QueueSource = { name: "tasks", summary: "Tasks", timeoutS: 1, discover };
      const context = (): DiscoverContext => ({
        ...served(world),
        ...{ options: {}, root: world.work, sessions: [], pr: null, etaS: null, limit: 20 },
        changedFiles: async () => [],
        diff: async () => "",
      });
      return queueSourceChecks({ source, context, folders: world.folders });
    });

  it("passes a sound source, and one that cannot be asked", async () => {
    expect(await failing(async () => ITEMS)).toEqual([]);
    expect(await failing(() => Promise.reject(new UnavailableError("no key")))).toEqual([]);
  });

  it.each<[string, (context: DiscoverContext) => Promise<readonly FoundItem[]>, string]>([
    ["an item without a key", async () => [{ item: "x" } as FoundItem], "gives items, or says why it cannot be asked"],
    [
      "two items of one key",
      async () => [...ITEMS, ...ITEMS],
      "gives each item a key of its own, and the same one every time",
    ],
    [
      "a key that changes",
      async () => [{ item: "x", key: String(Math.random()) }],
      "gives each item a key of its own, and the same one every time",
    ],
    [
      "a file outside the repository",
      async () => [{ item: "x", key: "k", files: ["../../etc/passwd"] }],
      "names files relative to the repository's root",
    ],
    [
      "a source that needs a pull request",
      async ({ pr, root }) => [{ item: root?.trim() ?? pr!.branch!, key: "k" }],
      "can be asked outside a repository, without a pull request or a session",
    ],
  ])("finds %s", async (_, discover, check) => {
    expect(await failing(discover)).toContain(check);
  });

  it("finds a source that asks for trust in what its runs() does not give", async () => {
    const discover = async ({ trusted }: DiscoverContext) => {
      await trusted("script", "echo");
      return ITEMS;
    };
    expect(await failing(discover)).toEqual(["asks for trust in nothing but what its runs() gives"]);
  });

  it("finds a source that is empty when it cannot be asked", async () => {
    const discover = async ({ fetch }: DiscoverContext) => {
      const answer = await fetch("http://service/").catch(() => null);
      return answer?.body === SERVICE ? ITEMS : [];
    };
    expect(await failing(discover)).toHaveLength(7);
  });
});

describe.concurrent("the suite of notifiers", () => {
  const failing = (deliver: Notifier["deliver"]) =>
    failures((world) => {
      const notifier: Notifier = { name: "bell", summary: "Rings", env: ["ACME_TOKEN"], timeoutS: 1, deliver };
      const context = () => ({ ...served(world), options: {}, exec: async () => ENDED });
      return notifierChecks({ notifier, context, folders: world.folders });
    });
  const ENDED = { code: 0, signal: null, stdout: "", stderr: "", timedOut: false, truncated: false, notFound: false };

  it("finds a notifier that does not look at the answer", async () => {
    const deliver: Notifier["deliver"] = async (_, { fetch }) =>
      void (await fetch("http://service/").catch(() => null));
    expect(await failing(deliver)).toEqual([
      "says that it did not deliver when nothing can be reached",
      "says that it did not deliver when everything answers 401",
      "says that it did not deliver when everything answers 429",
      "says that it did not deliver when everything answers 502",
    ]);
  });

  it("finds a notifier that cannot take long or odd text", async () => {
    const deliver: Notifier["deliver"] = async ({ title, body }) => {
      if (body.length > 10_000 || title.includes('"')) throw new Error("too much");
    };
    expect(await failing(deliver)).toEqual(["delivers whatever stands in title and body", "delivers a body of 200 kB"]);
  });

  it("finds a credential on a command line", async () => {
    const deliver: Notifier["deliver"] = async (_, { exec, env }) => {
      const { code } = await exec(["ring", `--token=${env.ACME_TOKEN}`]);
      if (code !== 0) throw new Error("not rung");
    };
    expect(await failing(deliver)).toEqual(["gives no credential to a program as an argument"]);
  });
});
