import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import http from "../../../../plugins/wait-kinds/http.ts";
import { waitKindChecks } from "../../../../src/conformance/wait-kind.ts";
import type { LookContext, LookResult, Options, PluginContext } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { lookContextOf, noGitHub, scratch } from "../looks.ts";

let server: Server;
let url: string;
let answer: (response: ServerResponse, headers: NodeJS.Dict<string | string[]>) => void;

beforeEach(async () => {
  answer = (response) => response.end("ok");
  server = createServer((request, response) => answer(response, request.headers));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const body = (status: number, text: string, headers: Record<string, string> = {}) => {
  answer = (response) => response.writeHead(status, headers).end(text);
};

function context(env: Record<string, string> = {}): PluginContext {
  const home = scratch();
  return makePluginContext({ plugin: "http", home, env, cwd: home, github: noGitHub });
}

async function look(options: Options = {}, base = context()): Promise<LookResult> {
  const pin = await http.pin({ ref: url, argv: [], options, network: false }, base);
  return http.look(lookContextOf(base, { pin, options }) satisfies LookContext);
}

describe("the status alone", () => {
  test.each([
    [200, {}, "succeeded"],
    [204, {}, "succeeded"],
    [404, {}, "running"],
    [503, {}, "running"],
    [404, { status: "404" }, "succeeded"],
    [200, { status: "404" }, "running"],
    [301, { status: "200, 300-302" }, "succeeded"],
    [500, { "fail-status": "500-599" }, "failed"],
    [410, { "fail-status": "410", status: "400-499" }, "failed"],
  ])("%i with %j is %s", async (status, options, wanted) => {
    body(status, "");
    expect((await look(options)).status).toBe(wanted);
  });
});

describe("a value", () => {
  const job = JSON.stringify({ job: { state: "done", parts: [{ n: 3 }], "a/b": "slash" } });
  test.each([
    [{ pointer: "/job/state", success: ["done"] }, "succeeded"],
    [{ pointer: "/job/state", success: ["ready"], failure: ["done"] }, "failed"],
    [{ pointer: "/job/state", success: ["ready"] }, "running"],
    [{ pointer: "/job/state", failure: ["broken"] }, "running"],
    [{ pointer: "/job/parts/0/n", success: ["3"] }, "succeeded"],
    [{ pointer: "/job/a~1b", success: ["slash"] }, "succeeded"],
    [{ pointer: "/job/parts/#", success: ["1"] }, "succeeded"],
    [{ pointer: "/job/none" }, "running"],
    [{ pointer: "/job/state" }, "succeeded"],
    [{ body: '"state":"(\\w+)"', success: ["done"] }, "succeeded"],
    [{ body: "no such text" }, "running"],
    [{ header: "X-Version", success: ["7"] }, "succeeded"],
    [{ header: "x-nothing", success: ["7"] }, "running"],
  ])("%j is %s", async (options, wanted) => {
    body(200, job, { "x-version": "7" });
    expect((await look(options)).status).toBe(wanted);
  });

  test("in a body that is no JSON is not there yet", async () => {
    body(200, "<html>starting</html>");
    expect((await look({ pointer: "/state", success: ["done"] })).status).toBe("running");
  });

  test("is not looked for in an answer with the wrong status", async () => {
    body(500, job);
    expect((await look({ pointer: "/job/state", success: ["done"] })).status).toBe("running");
  });

  test("from outside is shown without control characters", async () => {
    body(200, JSON.stringify({ state: "\u001b[31mred\u001b[0m" }));
    expect((await look({ pointer: "/state" })).reason).toMatch(/the value is "red"$/);
  });
});

test("an ending is believed after as many answers in a row as asked for", async () => {
  expect((await look()).settle).toEqual({ looks: 2, confirmS: 1 });
  expect((await look({ consecutive: 5 })).settle).toEqual({ looks: 5, confirmS: 1 });
});

describe("no answer is no result", () => {
  test("a refused connection", async () => {
    server.close();
    server.closeAllConnections();
    await expect(look()).rejects.toMatchObject({ name: "ObservationError" });
  });

  test("a name that does not resolve, and a server that speaks no TLS", async () => {
    const pin = { ref: "x", key: "x", complete: true };
    const base = context();
    for (const bad of ["http://no-such-host.invalid/", url.replace("http:", "https:")]) {
      const lookAt = http.look(lookContextOf(base, { pin: { ...pin, identity: { url: bad } }, options: {} }));
      await expect(lookAt).rejects.toMatchObject({ name: "ObservationError" });
    }
  });

  test("a connection that is dropped", async () => {
    answer = (response) => response.destroy();
    await expect(look()).rejects.toMatchObject({ name: "ObservationError" });
  });
});

test("what it looks at has the address for a browser, without what may be a secret in it", async () => {
  body(200, "ok");
  const pin = await http.pin({ ref: `${url}?token=s3cret`, argv: [], options: {}, network: true }, context());
  const { items } = await http.look(lookContextOf(context(), { pin, options: {} }));
  expect(items).toMatchObject([{ url }]);
});

describe("headers to send", () => {
  test("come from the environment and stand neither in the pin nor in the result", async () => {
    let seen: unknown;
    answer = (response, headers) => {
      seen = headers.authorization;
      response.end("ok");
    };
    const base = context({ DEPLOY_TOKEN: "s3cret" });
    const options = { send: ["authorization: env:DEPLOY_TOKEN"] };
    const pin = await http.pin({ ref: url, argv: [], options, network: true }, base);
    const result = await http.look(lookContextOf(base, { pin, options }));
    expect(seen).toBe("s3cret");
    expect(JSON.stringify([pin, result])).not.toContain("s3cret");
    expect(pin.env).toEqual(["DEPLOY_TOKEN"]);
  });

  test("whose variable is not set are named as what is needed", async () => {
    await expect(look({ send: ["authorization: env:NOT_SET"] })).rejects.toMatchObject({
      needs: /NOT_SET/,
      lasting: true,
    });
    const asked = { ref: url, argv: [], options: { send: ["authorization: env:NOT_SET"] }, network: true };
    await expect(http.pin(asked, context())).rejects.toThrow('the variable "NOT_SET" is not set');
  });
});

describe("what means nothing is refused in one line", () => {
  test.each([
    ["nonsense", {}, /wanted a URL/],
    ["ftp://example.com/", {}, /wanted a URL/],
    ["https://user:secret@example.com/", {}, /without a login/],
    ["https://example.com/", { status: "2xx" }, /--status "2xx"/],
    ["https://example.com/", { body: "(" }, /regular expression/],
    ["https://example.com/", { pointer: "state" }, /JSON pointer/],
    ["https://example.com/", { pointer: "/a", header: "b" }, /one of --pointer, --header and --body/],
    ["https://example.com/", { success: ["x"] }, /--success and --failure want/],
    ["https://example.com/", { send: ["no colon"] }, /name: value/],
  ])("%s with %j", async (ref, options, text) => {
    const pin = http.pin({ ref, argv: [], options, network: true }, context());
    await expect(pin).rejects.toMatchObject({ name: "RefError", message: text });
  });

  test("a login in a URL is not repeated", async () => {
    const pin = http.pin({ ref: "https://u:hunter2@example.com/", argv: [], options: {}, network: true }, context());
    await expect(pin).rejects.toMatchObject({ message: expect.not.stringContaining("hunter2") });
  });
});

describe("conformance", () => {
  const request = () => ({ ref: url, argv: [], options: { consecutive: 1 }, network: true });
  for (const { name } of waitKindChecks({ kind: http, request: null, context: () => context() })) {
    test(name, async () => {
      const checks = waitKindChecks({ kind: http, request: request(), context: () => context() });
      await checks.find((check) => check.name === name)?.run();
    });
  }
});
