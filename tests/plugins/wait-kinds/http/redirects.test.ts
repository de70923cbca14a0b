import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import http from "../../../../plugins/wait-kinds/http.ts";
import type { Options } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { sandbox } from "../../../helpers/p9.ts";
import { lookContextOf, noGitHub, scratch } from "../looks.ts";

/** What a server was asked. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that redirects `/to/<status>?<address>` there, and answers 200 to everything else. */
async function serve(): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { method = "", url = "/", headers } = request;
      asked.push({ method, path: url, headers, body });
      const [, status, to] = /^\/to\/(\d+)\?(.*)$/.exec(url) ?? [];
      response.writeHead(Number(status ?? 200), to === undefined ? {} : { location: decodeURIComponent(to) });
      response.end("it is up");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

let here: Awaited<ReturnType<typeof serve>>;
let elsewhere: Awaited<ReturnType<typeof serve>>;
beforeEach(async () => {
  here = await serve();
  elsewhere = await serve();
});

const redirect = (to: string, status = 302) => `${here.url}/to/${status}?${encodeURIComponent(to)}`;

function contextOf() {
  const home = scratch();
  return makePluginContext({ plugin: "http", home, env: { TOKEN: "s3cret" }, cwd: home, github: noGitHub });
}

async function look(url: string, options: Options = {}) {
  const pin = await http.pin({ ref: url, argv: [], options, network: true }, contextOf());
  return http.look(lookContextOf(contextOf(), { pin, options }));
}

describe("a redirect of a watched URL", () => {
  const send = ["x-api-key: env:TOKEN", "authorization: env:TOKEN"];

  test("within its origin is followed with its headers, and named", async () => {
    const result = await look(redirect("/health"), { send });
    expect(result).toMatchObject({ status: "succeeded" });
    expect(result.reason).toContain(`HTTP 200 after a redirect to ${here.url}/health`);
    expect(here.asked.at(-1)?.headers).toMatchObject({ "x-api-key": "s3cret", authorization: "s3cret" });
  });

  test("to another host is not followed, and the reason says so", async () => {
    const result = await look(redirect(`${elsewhere.url}/health?token=1`), { send });
    expect(result).toMatchObject({ status: "running" });
    expect(result.reason).toContain(`a redirect to "${elsewhere.url}/health" that is not followed (--follow)`);
    expect(elsewhere.asked).toEqual([]);
  });

  test("to another host by way of its own is not followed either", async () => {
    const result = await look(redirect(redirect(`${elsewhere.url}/health`)));
    expect(result.status).toBe("running");
    expect(elsewhere.asked).toEqual([]);
  });

  test("to another host is followed when that is asked for and nothing is sent along", async () => {
    const result = await look(redirect(`${elsewhere.url}/health`), { follow: true });
    expect(result.reason).toContain(`HTTP 200 after a redirect to ${elsewhere.url}/health`);
    expect(elsewhere.asked).toHaveLength(1);
  });

  test("to another host is not followed with a header, also when it is asked for", async () => {
    const result = await look(redirect(`${elsewhere.url}/health`), { send, follow: true });
    expect(result).toMatchObject({ status: "running" });
    expect(result.reason).toContain("that is not followed (with what is sent, or to plain http)");
    expect(elsewhere.asked).toEqual([]);
  });

  test("that goes round in circles is no result", async () => {
    const circle = `${here.url}/to/302?${encodeURIComponent("/to/302?%2Fto%2F302")}`;
    await expect(look(circle)).resolves.toMatchObject({ status: expect.stringMatching(/running|succeeded/) });
    const loop = createServer((_, response) => response.writeHead(302, { location: "/" }).end());
    await new Promise<void>((resolve) => loop.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void loop.close());
    const url = `http://127.0.0.1:${(loop.address() as AddressInfo).port}/`;
    await expect(look(url)).rejects.toMatchObject({ name: "ObservationError", message: /more than 10 redirects/ });
  });
});

describe("any request of a plugin", () => {
  test.each([
    [301, "GET", ""],
    [302, "GET", ""],
    [303, "GET", ""],
    [307, "POST", "a=1"],
    [308, "POST", "a=1"],
  ])("HTTP %i is followed with %s", async (status, method, body) => {
    await contextOf().fetch(redirect("/next", status), { method: "POST", body: "a=1" });
    expect(here.asked.at(-1)).toMatchObject({ method, body, path: "/next" });
  });

  test.each([
    ["a header", { headers: { "x-vendor-token": "s3cret" } }],
    ["a cookie", { headers: { cookie: "s=s3cret" } }],
    ["a body", { method: "POST", body: "s3cret" }],
    ["a method other than GET", { method: "DELETE" }],
  ])("is not repeated at another origin with %s, by whatever status", async (_what, init) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = await contextOf().fetch(redirect(`${elsewhere.url}/x`, status), init);
      expect(answer).toMatchObject({ status });
    }
    expect(elsewhere.asked).toEqual([]);
  });

  test("follows to another origin without anything of the user's, and takes no header there", async () => {
    const headers = { "user-agent": "s3cret", accept: "text/s3cret" };
    const answer = await contextOf().fetch(redirect(`${elsewhere.url}/x`), { headers });
    expect(answer).toMatchObject({ status: 200, url: `${elsewhere.url}/x` });
    expect(JSON.stringify(elsewhere.asked)).not.toContain("s3cret");
  });

  test("follows no redirect when it does not want to", async () => {
    const answer = await contextOf().fetch(redirect("/next"), { redirect: "manual" });
    expect(answer).toMatchObject({ status: 302, headers: { location: "/next" } });
    expect(here.asked).toHaveLength(1);
  });
});

test.each(["node", "deno"] as const)("p9 on %s is not green because another host answers", async (runtime) => {
  const args = ["watch", "http", redirect(`${elsewhere.url}/`), "--interval", "1", "--timeout", "10", "--json"];
  const { code, stdout } = await sandbox().p9(args, { runtime });
  expect(code).toBe(12);
  expect(JSON.parse(stdout).reason).toMatch(/redirect to ".*" that is not followed/);
  expect(elsewhere.asked).toEqual([]);
});

test.each(["node", "deno"] as const)(
  "p9 on %s sends a credential to no other host, also when it follows",
  async (runtime) => {
    const args = ["watch", "http", redirect(`${elsewhere.url}/`, 307), "--send", "x-api-key: env:TOKEN", "--follow"];
    const ended = await sandbox().p9([...args, "--interval", "1", "--timeout", "10"], {
      runtime,
      env: { TOKEN: "s3cret" },
    });
    expect(ended.code).toBe(12);
    expect(here.asked[0]?.headers["x-api-key"]).toBe("s3cret");
    expect(elsewhere.asked).toEqual([]);
  },
);
