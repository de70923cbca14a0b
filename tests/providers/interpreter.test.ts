import { describe, expect, it } from "vitest";
import { defineProvider, type Provider } from "../../src/provider.ts";
import { judge, progressOf } from "../../src/providers/judge.ts";
import { firstText, moment, reach, sum } from "../../src/providers/pointer.ts";
import { tellingLines } from "../../src/providers/telling-lines.ts";
import { fill, fillJson, missingIn } from "../../src/providers/template.ts";
import { credentialNames, hasCredentials } from "../../src/providers/variables.ts";

const base: Provider = {
  name: "acme",
  title: "Acme",
  waits: "deploy",
  checked: "here",
  base: { url: "https://acme.test" },
  request: { path: "/x" },
  state: "/state",
  states: { waiting: ["new"], running: ["busy"], succeeded: ["done", "true"], failed: ["broken"], blocked: ["held"] },
};
const status = (provider: Partial<Provider>, document: unknown, values = {}) =>
  judge({ ...base, ...provider }, document, values);

describe("reach()", () => {
  const document = { a: { "b/c": [1, 2, { d: null }] }, list: [{ n: 1 }, { n: 2 }], text: "four" };
  it.each([
    ["/a/b~1c/1", [2]],
    ["/a/b~1c/#", [3]],
    ["/a/b~1c/2/d", [null]],
    ["/list/*/n", [1, 2]],
    ["/text/#", [4]],
    ["", [document]],
    ["/nothing/here", []],
    ["/toString", []],
    ["/list/5", []],
  ])("%s", (pointer, values) => {
    expect(reach(document, pointer)).toEqual(values);
  });

  it("gives scalars as text, numbers as sums, and times from all usual forms", () => {
    expect(firstText({ a: 0 }, "/a")).toBe("0");
    expect(firstText({ a: "" }, "/a")).toBeUndefined();
    expect(firstText({ a: {} }, "/a")).toBeUndefined();
    expect(sum(document, ["/list/*/n", "/missing"])).toBe(3);
    expect(sum(document, "/missing")).toBeNull();
    expect([
      moment(1_700_000_000),
      moment(1_700_000_000_000),
      moment("2023-11-14T22:13:20Z"),
      moment(0),
      moment("soon"),
    ]).toEqual([1.7e12, 1.7e12, 1.7e12, undefined, undefined]);
  });
});

describe("fill()", () => {
  it("puts values in, encoded where asked, and names what is missing", () => {
    expect(fill("/x/{id}", { id: "a/b c" }, encodeURIComponent)).toBe("/x/a%2Fb%20c");
    expect(missingIn("{a}-{b}", { a: "1" })).toEqual(["b"]);
    expect(() => fill("{b}", {})).toThrow('"b" is unknown');
  });

  it("fills whole texts of a body only, and leaves unknown entries out", () => {
    const body = { query: "query{id}", variables: { id: "{id}", other: "{other}", n: 1, list: ["{id}"] } };
    expect(fillJson(body, { id: "7" })).toEqual({ query: "query{id}", variables: { id: "7", n: 1, list: ["7"] } });
  });

  it("never puts a value that looks like a template in twice", () => {
    expect(fill("{a}", { a: "{b}", b: "no" })).toBe("{b}");
  });
});

describe("judge()", () => {
  it.each([
    ["new", "waiting"],
    ["busy", "running"],
    ["done", "succeeded"],
    [true, "succeeded"],
    ["broken", "failed"],
    ["held", "blocked"],
  ])("reads %j as %s", (state, wanted) => {
    expect(status({}, { state })).toMatchObject({ status: wanted, unknown: [] });
  });

  it("counts what is in no list as running and names it", () => {
    expect(status({}, { state: "DONE" })).toMatchObject({ status: "running", unknown: ['Acme state "DONE"'] });
    expect(status({}, { state: { odd: 1 } })).toMatchObject({ status: "running" });
  });

  it("is no verdict when the document is another one", () => {
    expect(() => status({}, { other: 1 })).toThrow('there is no "/state" in it');
    expect(() => status({}, [])).toThrow();
  });

  it("joins several values, and takes null for one when it is listed", () => {
    const two = { state: ["/a", "/b"], states: { succeeded: ["x:y"], running: ["x:null"] } };
    expect(status(two, { a: "x", b: "y" }).status).toBe("succeeded");
    expect(status(two, { a: "x", b: null })).toMatchObject({ status: "running", unknown: [] });
  });

  it("takes the worst of many parts", () => {
    const parts = { state: "/parts/*/s" };
    const of = (...states: string[]) => status(parts, { parts: states.map((s) => ({ s })) }).status;
    expect(of("done", "done")).toBe("succeeded");
    expect(of("done", "busy")).toBe("running");
    expect(of("done", "busy", "broken")).toBe("failed");
    expect(of("done", "never heard of")).toBe("running");
  });

  it("lets the first rule that holds overrule the states", () => {
    const rules: Provider["rules"] = [
      {
        when: [
          { at: "/state", is: ["done"] },
          { at: "/live", present: false },
        ],
        is: "running",
        reason: "not live on {/host}",
      },
      { when: [{ at: "/why", matches: "^cancel" }], is: "cancelled" },
      { when: [{ at: "/n", atLeast: "/of" }], is: "succeeded" },
      { when: [{ at: "/owner", not: ["{me}", "null"] }], is: "superseded" },
    ];
    expect(status({ rules }, { state: "done", host: "h" })).toMatchObject({ status: "running", why: "not live on h" });
    expect(status({ rules }, { state: "done", live: 1 }).status).toBe("succeeded");
    expect(status({ rules }, { state: "broken", why: "Cancelled by a", live: 1 }).status).toBe("cancelled");
    expect(status({ rules }, { state: "busy", n: 5, of: 5 }).status).toBe("succeeded");
    expect(status({ rules }, { state: "busy", n: 4, of: 5 }).status).toBe("running");
    expect(status({ rules }, { state: "busy", owner: "you" }, { me: "me" }).status).toBe("superseded");
    expect(status({ rules }, { state: "busy", owner: "me" }, { me: "me" }).status).toBe("running");
  });

  it("cleans and clips what the provider says", () => {
    const { why } = status({ reason: ["/why"] }, { state: "broken", why: `\u001b[31mred\u202e\n${"x".repeat(999)}` });
    expect(why).toMatch(/^red x+…$/);
    expect(why?.length).toBeLessThanOrEqual(300);
  });
});

describe("progressOf()", () => {
  it("reads percent, shares and steps, and never leaves 0 to 100", () => {
    expect(progressOf({ done: ["/a", "/b"], total: "/t" }, { a: 1, b: 2, t: 12 })).toMatchObject({
      done: 3,
      total: 12,
      percent: 25,
    });
    expect(progressOf({ percent: "/p", phase: "/x" }, { p: 250, x: "last" })).toMatchObject({
      percent: 100,
      phase: "last",
    });
    expect(progressOf({ steps: { at: "/s", order: ["a", "b", "c", "d"] } }, { s: "c" })).toMatchObject({
      done: 2,
      total: 4,
      percent: 50,
      phase: "c",
    });
    expect(progressOf({ done: "/n", total: "{expect}" }, { n: 5 }, { expect: "20" })).toMatchObject({ percent: 25 });
    expect(progressOf({ done: "/n", total: "/t" }, { n: 0, t: 0 })).toMatchObject({ percent: null });
    expect(progressOf({ percent: "/p" }, {})).toBeNull();
    expect(progressOf(undefined, {})).toBeNull();
  });
});

describe("tellingLines()", () => {
  it("keeps the lines that tell what went wrong, with their numbers and without secrets", () => {
    const lines = ["ok", "token ghp_abcdefghijklmnopqrstuvwxyz0123 used: error", "fine", "Error: mine-is-secret", ""];
    expect(tellingLines(lines, ["mine-is-secret"])).toEqual([
      { line: 2, text: expect.stringMatching(/^token \*\*\*|\*\*\*/) },
      { line: 4, text: "Error: ***" },
    ]);
  });

  it("keeps the end of a log that speaks of no error, and the last twenty of one that speaks of many", () => {
    expect(tellingLines(Array.from({ length: 30 }, (_, n) => `line ${n}`)).map(({ line }) => line)).toEqual([
      21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    ]);
    expect(tellingLines(Array.from({ length: 300 }, (_, n) => `error ${n}`))).toHaveLength(20);
    expect(tellingLines([])).toEqual([]);
  });
});

describe("credentials", () => {
  it("are ready when all that must be set are, and one of those that may be left out", () => {
    const both = { ...base, headers: { a: "{env:A?}", b: "{env:B?}" } };
    expect(credentialNames(both)).toEqual(["A", "B"]);
    expect([hasCredentials(both, {}), hasCredentials(both, { B: "x" }), hasCredentials(both, { B: " " })]).toEqual([
      false,
      true,
      false,
    ]);
    const one = { ...base, headers: { a: "{env:A}" }, env: ["C"] };
    expect([hasCredentials(one, { C: "x" }), hasCredentials(one, { A: "x" })]).toEqual([false, true]);
    expect(hasCredentials(base, {})).toBe(true);
  });
});

describe("defineProvider()", () => {
  const wrong = (more: object, message: string | RegExp) =>
    expect(() => defineProvider({ ...base, ...more } as Provider)).toThrow(message);
  it("returns what is right", () => {
    expect(defineProvider(base)).toBe(base);
  });

  it("names what is wrong", () => {
    wrong({ name: "Acme Inc" }, 'provider "Acme Inc": name: wanted a kebab-case name');
    wrong({ colour: 1 }, 'unknown key "colour"');
    wrong({ waits: "build" }, 'waits: wanted one of "deploy", "index-sync"');
    wrong({ title: "" }, "title: wanted something in it");
    wrong({ request: undefined }, "request: wanted a path, or a program to run");
    wrong({ request: { run: [] } }, "request.run: wanted something in it");
    wrong({ request: { path: 3 } }, "request.path: wanted a text");
    wrong({ request: { path: "/?t={env:TOKEN}" } }, 'credentials go into "headers" only');
    wrong({ base: { url: "ftp://x" } }, "base.url: wanted an http or https URL");
    wrong({ base: undefined }, '"base"');
    wrong({ states: { done: ["x"] } }, 'states.done: unknown key "done"');
    wrong({ states: { failed: ["x"] } }, "nothing in it means succeeded");
    wrong({ states: { succeeded: ["x"], failed: ["x"] } }, '"x" is in two lists');
    wrong({ states: { succeeded: "x" } }, "states.succeeded: wanted a list");
    wrong({ state: undefined }, 'wanted "state"');
    wrong({ refs: ["("] }, "refs.0: wanted a regular expression");
    wrong({ headers: { a: "{env:NOT CLOSED" } }, "headers.a: wanted a text with variables as {env:NAME}");
    expect(() => defineProvider(null as never)).toThrow(TypeError);
  });

  it("names the nearest key, however deep it stands", () => {
    wrong({ statez: {} }, 'statez: unknown key "statez" (did you mean "states"?)');
    wrong({ request: { path: "/", methd: "GET" } }, 'request.methd: unknown key "methd" (did you mean "method"?)');
    wrong({ progress: { persent: "/x" } }, 'progress.persent: unknown key "persent" (did you mean "percent"?)');
    wrong({ rules: [{ when: [{ att: "/x" }], is: "failed" }] }, "rules.0.when.0.at: wanted a text");
  });

  it("wants what belongs together", () => {
    wrong({ evidence: { request: { path: "/log", format: "text" } } }, "evidence.lines: wanted a text");
    wrong({ find: { request: { path: "/" }, items: "/a", id: "/id" } }, "find.commit: wanted a list");
  });
});
