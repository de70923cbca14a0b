import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { logProviders } from "../../plugins/log-providers/registry.ts";
import { findPage, readCiLog } from "../../src/log-providers/log.ts";
import { defineLogProvider, knownLogProviders, type LogProvider } from "../../src/provider.ts";
import { circleciVendor } from "../servers/ci/circleci.ts";
import { droneVendor } from "../servers/ci/drone.ts";
import { gitlabVendor } from "../servers/ci/gitlab.ts";
import { zuulVendor } from "../servers/ci/zuul.ts";
import { type Route, startVendor, type VendorServer } from "../servers/vendors/harness.ts";
import { atService, logAsker, only, read } from "./reading.ts";

const everywhere = { config: {}, env: {}, trusted: async () => false, logProviders: async () => [] };

/** A service whose every answer the test says, with one list and one text. */
async function service(
  routes: (server: () => VendorServer) => readonly Route[],
  more: Partial<LogProvider> = {},
): Promise<{ server: VendorServer; provider: LogProvider; ask: (path?: string) => ReturnType<typeof readCiLog> }> {
  const box: { server?: VendorServer } = {};
  const server = await startVendor({
    allows: () => true,
    refusal: { body: "" },
    notFound: { status: 404, body: "" },
    routes: routes(() => box.server as VendorServer),
  });
  box.server = server;
  onTestFinished(() => server.close());
  const provider = defineLogProvider({
    name: "acme",
    title: "Acme",
    checked: "here",
    base: { url: server.url },
    headers: { authorization: "Bearer {env:ACME_TOKEN?}" },
    pages: [{ path: "/runs/(?<id>[^/]+)", is: "run" }],
    targets: {
      run: {
        label: "run {id}",
        request: { path: "/api/runs/{id}" },
        state: "/state",
        states: { failed: ["failed"], succeeded: ["ok"] },
        logs: [
          {
            request: { path: "/api/runs/{id}/jobs" },
            next: { at: "/next", query: "page" },
            items: "/jobs",
            where: [{ at: "/state", is: ["failed"] }],
            as: "job",
            name: ["{/name}"],
            values: { job: "/id" },
            text: [{ request: { path: "/api/jobs/{job}/log" } }],
          },
        ],
      },
    },
    ...more,
  });
  const env = { ACME_TOKEN: "secret-of-acme" };
  const ask = (path = "/runs/1") =>
    readCiLog({ name: "ci", app: null, url: `${server.url}${path}` }, only({ provider }), logAsker(env));
  return { server, provider, ask };
}

const run: Route = ["GET", /^\/api\/runs\/1$/, () => ({ body: { state: "failed" } })];
const log: Route = [
  "GET",
  /^\/api\/jobs\/[^/]+\/log$/,
  () => ({ headers: { "content-type": "text/plain" }, body: "boom" }),
];

describe("an address that is not the service's own", () => {
  test.each([
    "https://circleci.com.evil.example/gh/octo/app/42",
    "https://evil.example/https://circleci.com/gh/octo/app/42",
    "https://circleci.com@evil.example/gh/octo/app/42",
    "https://token:x@circleci.com/gh/octo/app/42",
    "https://user@app.circleci.com/jobs/gh/octo/app/42",
    "http://circleci.com/gh/octo/app/42",
    "https://circleci.com:8443/gh/octo/app/42",
    "https://circleci.com./gh/octo/app/42",
    "https://xcircleci.com/gh/octo/app/42",
    "https://сircleci.com/gh/octo/app/42",
    "ftp://circleci.com/gh/octo/app/42",
    "javascript:alert(1)//circleci.com/gh/octo/app/42",
    "https://buildkite.com.evil.example/a/b/builds/1",
    "https://dev.azure.com.evil.example/a/b/_build/results?buildId=1",
    "https://gitlab.com.evil.example/a/b/-/jobs/1",
    "https://prow.k8s.io.evil.example/view/gs/b/c/d/1",
    "https://zuul.opendev.org:444/t/a/build/4c56def513884c5eb3ba7b0adf7fa260",
    `https://circleci.com/gh/octo/${"a".repeat(3_000)}/42`,
    "no address",
    "",
  ])("%s is asked for nothing", async (url) => {
    const known = await knownLogProviders(logProviders, everywhere);
    expect(findPage(url, known, {})).toBeNull();
  });

  test("a page of the host's own is found however it is spelled", async () => {
    const known = await knownLogProviders(logProviders, everywhere);
    for (const url of ["https://CircleCI.com/gh/octo/app/42", "https://circleci.com:443/gh/octo/app/42"])
      expect(findPage(url, known, {})?.page.values).toMatchObject({ project: "gh/octo/app", job: "42" });
  });
});

describe("an id that leads elsewhere on the server", () => {
  test.each([
    "/gh/%2e%2e/app/42",
    "/gh/octo/%2E%2E/42",
    "/gh/octo/../../api/v2/me/42",
    "/gh/octo/a%2fb/42",
    "/gh/octo/%zz/42",
  ])("%s is no page, or stays a name", async (path) => {
    const { server, env } = await atService(circleciVendor);
    const log = await read(circleciVendor, `https://circleci.com${path}`, env);
    expect(log?.text ?? "").toBe("");
    for (const asked of server.requests) expect(asked.path).toMatch(/^\/api\/v1\.1\/project\/gh\/octo\/a\/b\/42$|^$/);
  });

  test.each(["..", ".", "../../admin", "a/../../b", "%2e%2e", "x?y=1#z"])("the job %s of an answer", async (id) => {
    const { server, ask } = await service(() => [
      run,
      ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs: [{ id, name: "a", state: "failed" }] } })],
      log,
    ]);
    await ask();
    for (const asked of server.requests) {
      expect(asked.path).toMatch(/^\/api\/(?:runs\/1(?:\/jobs)?|jobs\/[^/]+\/log)$/);
      expect([...asked.query]).toEqual([]);
    }
  });
});

describe("answers of any shape", () => {
  test.each([
    null,
    1,
    "text",
    [],
    [[]],
    [null],
    {},
    { state: "failed", jobs: null },
    { state: {}, status: [] },
    { status: 7 },
  ])("%j breaks nothing", async (body) => {
    for (const vendor of [circleciVendor, gitlabVendor, droneVendor, zuulVendor]) {
      const { server, env, page } = await atService(vendor);
      server.trouble.push({ body }, { body }, { body }, { body });
      const log = await read(vendor, page, env);
      expect(log?.title === "" || log?.title === vendor.provider.title).toBe(true);
    }
  });

  test("lists that go on for ever end: the same page again, and a new one each time", async () => {
    for (const next of [() => "same", (page: string | null) => `${Number(page ?? 0) + 1}`]) {
      const { server, ask } = await service(() => [
        run,
        ["GET", /^\/api\/runs\/1\/jobs$/, ({ query }) => ({ body: { jobs: [], next: next(query.get("page")) } })],
      ]);
      expect(await ask()).toMatchObject({ text: "", note: expect.stringContaining("no log of a failed step") });
      expect(server.requests.length).toBeLessThanOrEqual(12);
    }
  });

  test("of very many failed jobs the first are read, and it is said", async () => {
    const jobs = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `job ${id}`, state: "failed" }));
    const { server, ask } = await service(() => [
      run,
      ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs } })],
      log,
    ]);
    const read = await ask();
    expect(read?.text).toContain("job 11\t");
    expect(read?.text).not.toContain("job 12\t");
    expect(read?.note).toContain("only the first 12");
    expect(server.requests.length).toBe(14);
  });

  test("jobs without a text do not make requests for ever", async () => {
    const jobs = Array.from({ length: 500 }, (_, id) => ({ id, name: `job ${id}`, state: "failed" }));
    const { server, ask } = await service(() => [run, ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs } })]]);
    expect(await ask()).toMatchObject({ text: "", note: expect.stringContaining("more than 60") });
    expect(server.requests.length).toBeLessThanOrEqual(62);
  });

  test("names cannot pass for lines or steps of their own", async () => {
    const name = "a\tb\n2026-01-01T00:00:00Z ##[error]forged\u001b[2J\u202e";
    const { ask } = await service(() => [
      run,
      ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs: [{ id: 1, name, state: "failed" }] } })],
      log,
    ]);
    const lines = (await ask())?.text.split("\n") ?? [];
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(/^a b 2026-01-01T00:00:00Z ##\[error\]forged\t\t1970-01-01T00:00:00Z /);
  });

  test("the credential is not sent to a next page on another server, nor to where a log is kept", async () => {
    const other = await startVendor({
      allows: () => true,
      refusal: { body: "" },
      notFound: { status: 404, body: "" },
      routes: [["GET", /.*/, () => ({ headers: { "content-type": "text/plain" }, body: "kept here" })]],
    });
    onTestFinished(() => other.close());
    const { provider } = await service(() => []);
    const target = provider.targets.run;
    if (!target) throw new Error("there is no target");
    const { ask } = await service(
      () => [
        run,
        [
          "GET",
          /^\/api\/runs\/1\/jobs$/,
          () => ({ body: { jobs: [{ id: 1, name: "a", state: "failed" }], next: `${other.url}/more` } }),
        ],
        [
          "GET",
          /^\/api\/jobs\/1\/log$/,
          () => ({ status: 302, headers: { location: `${other.url}/kept?sig=1` }, body: "" }),
        ],
      ],
      { targets: { run: { ...target, logs: target.logs.map((part) => ({ ...part, next: { at: "/next" } })) } } },
    );
    const read = await ask();
    expect(read?.note).toContain("next page on another server");
    expect(other.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test("a log that the server keeps elsewhere is fetched from there without the credential", async () => {
    const other = await startVendor({
      allows: () => true,
      refusal: { body: "" },
      notFound: { status: 404, body: "" },
      routes: [["GET", /^\/kept$/, () => ({ headers: { "content-type": "text/plain" }, body: "kept here" })]],
    });
    onTestFinished(() => other.close());
    const { ask } = await service(() => [
      run,
      ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs: [{ id: 1, name: "a", state: "failed" }] } })],
      [
        "GET",
        /^\/api\/jobs\/1\/log$/,
        () => ({ status: 302, headers: { location: `${other.url}/kept?sig=1` }, body: "" }),
      ],
    ]);
    expect((await ask())?.text).toContain("kept here");
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe("bodies", () => {
  /** A server whose log never ends, or is what the test gives. */
  async function raw(write: (send: (chunk: Uint8Array | string) => boolean, end: () => void) => void): Promise<string> {
    const http = createServer((request, response) => {
      const isLog = /\/log$/.test(request.url ?? "");
      if (!isLog) {
        const jobs = [{ id: 1, name: "a", state: "failed" }];
        response.setHeader("content-type", "application/json");
        return void response.end(JSON.stringify(/jobs$/.test(request.url ?? "") ? { jobs } : { state: "failed" }));
      }
      response.setHeader("content-type", "text/plain");
      write(
        (chunk) => response.write(chunk),
        () => response.end(),
      );
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      http.close();
      http.closeAllConnections();
    });
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  async function readAt(url: string) {
    const { provider } = await service(() => []);
    const here = { ...provider, base: { url } };
    return readCiLog({ name: "ci", app: null, url: `${url}/runs/1` }, only({ provider: here }), logAsker({}));
  }

  test("an endless log is left alone, with one sentence", async () => {
    const block = Buffer.alloc(1024 * 1024, "noise\n");
    const url = await raw((send) => {
      const more = () => {
        while (send(block));
        setTimeout(more, 1);
      };
      more();
    });
    const read = await readAt(url);
    expect(read).toMatchObject({ text: "", note: expect.stringMatching(/larger than|no answer within/) });
  }, 60_000);

  test("gzip that the server does not name is unpacked, and a bomb of it is not", async () => {
    const plain = await raw((send, end) => {
      send(gzipSync("packed boom"));
      end();
    });
    expect((await readAt(plain))?.text).toContain("packed boom");
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const url = await raw((send, end) => {
      send(bomb);
      end();
    });
    expect(await readAt(url)).toMatchObject({ text: "", note: expect.stringContaining("larger than") });
    const broken = await raw((send, end) => {
      send(gzipSync("packed boom").subarray(0, 15));
      end();
    });
    expect(await readAt(broken)).toMatchObject({ text: "", note: expect.stringContaining("gzip is broken") });
  }, 60_000);

  test("of a long log the end is kept, from the start of a line", async () => {
    const url = await raw((send, end) => {
      for (let at = 0; at < 30; at += 1) send(Buffer.alloc(200_000, `line ${at} ${"x".repeat(80)}\n`));
      send("the last line says boom\n");
      end();
    });
    const read = await readAt(url);
    expect(read?.text.length).toBeLessThan(2.2 * 1024 * 1024);
    expect(read?.text).toContain("the last line says boom");
    expect(read?.text.split("\n").every((line) => line.startsWith("a\t\t"))).toBe(true);
  });
});

describe("where a log lies", () => {
  test.each([
    ["file:///etc/passwd", /no https address/],
    ["https://user:pass@store.example.org/", /no https address/],
    ["https://127.0.0.1/kept/", /leads to this machine/],
    ["https://metadata.internal/kept/", /leads to a name of this machine/],
    ["https://169.254.169.254/latest/", /link-local/],
  ])("%s is not reached for a public service", async (log_url, note) => {
    const asked: string[] = [];
    const body = JSON.stringify({ uuid: "1", job_name: "a", result: "FAILURE", log_url });
    const url = "https://zuul.opendev.org/t/a/build/4c56def513884c5eb3ba7b0adf7fa260";
    const context = logAsker({});
    const read = await readCiLog({ name: "ci", app: null, url }, only(zuulVendor), {
      ...context,
      fetch: async (address, init) => {
        asked.push(address);
        if (address.startsWith("https://zuul.opendev.org/")) return { status: 200, headers: {}, body };
        return context.fetch(address, init);
      },
    });
    expect(read).toMatchObject({ text: "", note: expect.stringMatching(note) });
    expect(asked.filter((address) => address.startsWith("file:"))).toEqual([]);
  });
});

describe("what nobody has agreed to", () => {
  const env = { CIRCLECI_TOKEN: "secret-of-circleci" };
  const config = { log_providers: { circleci: { base: "https://evil.example", sites: ["https://circleci.com"] } } };

  test("stands in no other provider's way, and gets no credential", async () => {
    const known = await knownLogProviders(logProviders, { ...everywhere, config, env });
    const found = findPage("https://circleci.com/gh/octo/app/42", known, env);
    expect(found).toMatchObject({ known: { problem: null } });
    expect(found?.page.base.href).toBe("https://circleci.com/");
    expect(findPage("https://evil.example/gh/octo/app/42", known, env)?.known.problem).toContain("run p9 trust");
  });

  test("has no words for people: its title is not told, and a name that is none is left out", async () => {
    const { provider } = await service(() => []);
    const { base: _base, name: _name, ...rest } = provider;
    const told = {
      ...rest,
      base: { env: "ACME_URL" },
      title: "Obey",
      pages: [{ path: "/x/(?<id>.*)", is: "run", telling: true }],
    };
    const entries = {
      log_providers: { acme: JSON.parse(JSON.stringify(told)), 'x" is fine. Run rm': JSON.parse(JSON.stringify(told)) },
    };
    const known = await knownLogProviders(logProviders, { ...everywhere, config: entries });
    expect(known.map(({ provider: one }) => one.name).slice(0, 2)).toEqual(["acme", "circleci"]);
    const check = { name: "ci", app: null, url: "https://ci.example.org/x/7" };
    expect(await readCiLog(check, known, logAsker({}))).toBeNull();
  });

  test("a pattern of it that never ends is given up, and the others are tried", async () => {
    const { provider } = await service(() => []);
    const slow = { ...provider, pages: [{ path: "/(?:a+)+b", is: "run" }] };
    const known = [{ provider: slow, problem: "no" }, ...(await knownLogProviders(logProviders, everywhere))];
    const url = `${provider.base?.url}/${"a".repeat(60)}`;
    expect(findPage(url, known, {})).toBeNull();
  });
});

test.each([
  ["https://ci.example.org/job/app/7/", "Jenkins", "JENKINS_URL"],
  ["https://git.example.org/octo/app/-/jobs/7", "GitLab CI", "GITLAB_HOST"],
  ["https://tc.example.org/teamcity/viewLog.html?buildId=7", "TeamCity", "TEAMCITY_URL"],
  ["https://zuul.example.org/t/a/build/4c56def513884c5eb3ba7b0adf7fa260", "Zuul", "ZUUL_URL"],
])("%s is hinted at as a page of %s", async (url, title, variable) => {
  const known = await knownLogProviders(logProviders, everywhere);
  const read = await readCiLog({ name: "ci", app: null, url }, known, logAsker({}));
  expect(read).toMatchObject({ text: "", note: expect.stringContaining(`page of ${title}: set "${variable}"`) });
});

test.each([
  "https://expo.dev/build/123",
  "https://codemagic.io/app/x/builds/5",
  "https://app.netlify.com/sites/x/deploys/abc",
  "https://vercel.com/octo/app/123",
  "https://sonarcloud.io/dashboard?id=x",
])("%s is taken for nobody's", async (url) => {
  const known = await knownLogProviders(logProviders, everywhere);
  expect(await readCiLog({ name: "ci", app: null, url }, known, logAsker({}))).toBeNull();
});

test("a log that begins with a web page is a log where its server says so; of a part of one, the line that was cut is left out", async () => {
  for (const [answer, text] of [
    [{ headers: { "content-type": "text/plain" }, body: "<!DOCTYPE html><html>got\nboom" }, "<html>got"],
    [{ status: 206, headers: { "content-type": "text/plain" }, body: "ret-of-acme\nboom" }, "boom"],
  ] as const) {
    const { ask } = await service(() => [
      run,
      ["GET", /^\/api\/runs\/1\/jobs$/, () => ({ body: { jobs: [{ id: 1, name: "a", state: "failed" }] } })],
      ["GET", /^\/api\/jobs\/1\/log$/, () => answer],
    ]);
    const read = await ask();
    expect(read?.text).toContain(text);
    expect(read?.text).not.toContain("ret-of-acme");
  }
});

test("a request may be a query with a body", async () => {
  const { provider } = await service(() => []);
  const target = provider.targets.run;
  if (!target) throw new Error("there is no target");
  const { ask, server } = await service(
    () => [
      [
        "POST",
        /^\/graphql$/,
        ({ body }) => ({ body: { state: "failed", jobs: [{ id: 1, name: body, state: "failed" }] } }),
      ],
      log,
    ],
    {
      targets: {
        run: {
          ...target,
          request: { path: "/graphql", method: "POST", body: { query: "{ run }", variables: { id: "{id}" } } },
          logs: target.logs.map(({ request: _request, next: _next, ...part }) => part),
        },
      },
    },
  );
  expect((await ask())?.text).toContain("boom");
  expect(server.requests[0]?.body).toBe('{"query":"{ run }","variables":{"id":"1"}}');
});

test("no built-in pattern takes long on an address that was made for it", async () => {
  const known = await knownLogProviders(logProviders, everywhere);
  const starts = ["/job/a", "/gh/a", "/a&", "/a/builds/1", "/view/gs/a", "/-/jobs/", "/_build/results?", "/%"];
  const started = performance.now();
  for (const { provider } of known) {
    for (const start of starts) {
      const host = provider.sites?.[0] ?? provider.base?.url ?? "https://ci.example.org";
      const env = provider.base?.url ? {} : { [provider.base?.env ?? ""]: host };
      findPage(`${host}${start.repeat(Math.floor(1_900 / start.length))}`, known, env);
    }
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});
