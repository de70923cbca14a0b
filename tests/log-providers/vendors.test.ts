import { describe, expect, it, test } from "vitest";
import { logProviders } from "../../plugins/log-providers/registry.ts";
import { classify } from "../../src/heal/classify/classify.ts";
import { pageAt } from "../../src/log-providers/page.ts";
import { askRun, judgeRun, logProviderVariables } from "../../src/provider.ts";
import { CI_VENDORS } from "../servers/ci/all.ts";
import { atService, logAsker, read } from "./reading.ts";

const CREDENTIAL = /secret-of-[a-z-]+/;

test("every built-in log provider has a server here", () => {
  expect(CI_VENDORS.map(({ provider }) => provider.name)).toEqual(Object.keys(logProviders));
});

describe.each(CI_VENDORS.map((vendor) => [vendor.provider.title, vendor] as const))("%s", (_, vendor) => {
  const { provider, failed } = vendor;

  it("gives the text of what failed and of nothing else, with the names of job and step, from every form of its page", async () => {
    const { server, env } = await atService(vendor);
    for (const page of vendor.pages(server.url)) {
      const log = await read(vendor, page, env);
      expect(log, page).toMatchObject({ title: provider.title, note: null });
      const found = classify(log?.text ?? "");
      expect(found, page).toMatchObject({ failure_type: "type" });
      const line = found.evidence.find(({ text }) => text.includes("TS2322"));
      expect(line, page).toMatchObject({ file: "src/a.ts", line: 12 });
      if (failed.job) expect(line, page).toMatchObject({ job: failed.job });
      expect(line, page).toMatchObject({ step: failed.step ?? "" });
      expect(log?.text).not.toMatch(/_bk;t=|section_start|travis_fold|<span|&#039;|\[\d\d:\d\d:\d\d\]|ubuntu-noble/);
    }
  });

  const states = Object.entries(vendor.states).flatMap(([status, words]) =>
    (words ?? []).map((word) => [word, status] as const),
  );
  it.each(states)("reads the state %s as %s", async (word, status) => {
    const { server, env, page } = await atService(vendor);
    if (word === null) server.trouble.push(vendor.notFound);
    else server.world.state = word;
    const found = pageAt(provider, page, env);
    if (!found) throw new Error(`${page} is no page`);
    const run = await askRun(provider, found, logAsker(env));
    const look = judgeRun(run, page);
    expect(look).toMatchObject({ status, items: [{ url: page }] });
    expect(look.unknown ?? []).toEqual([]);
    expect(look.reason).toContain(provider.title);
  });

  it("takes a state that it has never heard of for a run that goes on, and names it", async () => {
    const { server, env, page } = await atService(vendor);
    server.world.state = server.world.state.includes(":") ? "false:levitating" : "levitating";
    const found = pageAt(provider, page, env);
    if (!found) throw new Error(`${page} is no page`);
    const look = judgeRun(await askRun(provider, found, logAsker(env)), page);
    expect(look.status).toBe("running");
    expect(look.unknown).toEqual([expect.stringContaining("levitating")]);
  });

  it("sends its credential in the documented header, to its own server only, and shows it nowhere", async () => {
    const { server, env, page } = await atService(vendor);
    const credential = Object.entries(env).find(([, value]) => CREDENTIAL.test(String(value)));
    server.world.log = ["$ env", `TOKEN_OF_CI is ${credential?.[1]}`, "error: it leaked"];
    const log = await read(vendor, page, env);
    expect(log?.text).toContain("it leaked");
    expect(JSON.stringify(log)).not.toMatch(CREDENTIAL);
    expect(server.requests.length).toBeGreaterThan(0);
    for (const { headers } of server.requests) expect(vendor.allows(headers)).toBe(true);
    for (const { headers } of server.store.requests)
      expect(JSON.stringify(headers)).not.toMatch(/secret|authorization|token/i);
    if (vendor.isOpen) expect(credential).toBeUndefined();
    else expect(logProviderVariables(provider)).toContain(credential?.[0]);
  });

  if (!vendor.isOpen)
    it("names the variable when there is no credential", async () => {
      const { server, env, page } = await atService(vendor);
      const without = Object.fromEntries(Object.entries(env).filter(([, value]) => !CREDENTIAL.test(String(value))));
      const log = await read(vendor, page, without);
      const [name] = Object.entries(env).find(([, value]) => CREDENTIAL.test(String(value))) ?? [];
      expect(log).toMatchObject({ text: "", note: expect.stringContaining(`"${name}"`) });
      expect(log?.note).not.toMatch(/\n/);
      for (const { headers } of server.requests) expect(JSON.stringify(headers)).not.toMatch(/authorization|-token/i);
    });

  it("says one clear thing when it is refused, asked too often, broken, or behind a page for logging in", async () => {
    const { server, env, page } = await atService(vendor);
    const wrong = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, CREDENTIAL.test(String(value)) ? "secret-of-nobody" : value]),
    );
    const refused = vendor.isOpen ? null : await read(vendor, page, wrong);
    if (refused) {
      expect(refused).toMatchObject({ text: "", note: expect.stringContaining(provider.title) });
      expect(JSON.stringify(refused)).not.toContain("secret-of-nobody");
    }
    const answers = [
      [{ status: 401, body: { message: "Who are you?" } }, /HTTP 401/],
      [{ status: 403, body: "no" }, /HTTP 403/],
      [{ status: 429, headers: { "retry-after": "60" }, body: "" }, /HTTP 429.*rate limit/],
      [{ status: 500, body: "<html>Oops</html>" }, /HTTP 500/],
      [{ status: 503, body: { message: "Maintenance" } }, /HTTP 503/],
      [{ status: 410, body: "" }, /no longer has/],
      ["html", /web page/],
      [{ status: 200, body: "[{" }, /no JSON|there is no|shows no/],
      [{ status: 302, headers: { location: "https://login.example.org/" }, body: "" }, /leads to another page/],
    ] as const;
    for (const [answer, note] of answers) {
      server.trouble.push(answer);
      const log = await read(vendor, page, env);
      expect(log?.text, JSON.stringify(answer)).toBe("");
      expect(log?.note, JSON.stringify(answer)).toMatch(note);
      expect(log?.note?.length).toBeLessThan(420);
    }
  });
});
