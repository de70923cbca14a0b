// needs: time
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { eventually, sandbox } from "../../../helpers/p9.ts";
import { ask, openBoard, openStream, raw, writeEnded } from "./boards.ts";

const RUNTIMES = ["node", "deno"] as const;

describe.each(RUNTIMES)("the server on %s", (runtime) => {
  test("prints its address, and answers nobody without the token", async () => {
    const board = await openBoard(sandbox(), runtime);
    expect(board.running.stdout()).toBe(`http://127.0.0.1:${board.port}/?token=${board.token}\n`);
    // 256 bits.
    expect(board.token).toMatch(/^[\w-]{43}$/);
    const { port, token } = board;
    for (const path of ["/", "/events", "/picture", "/nothing", "/../etc/passwd", "/?token=", "/events?token=x"]) {
      const { status, body } = await ask(port, path);
      expect([path, status]).toEqual([path, 401]);
      expect(body).toMatch(/[Tt]oken/);
      expect(body).not.toContain(token);
    }
    const wrong = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    expect((await ask(port, `/events?token=${wrong}`)).status).toBe(401);
    expect((await ask(port, "/picture", { headers: { authorization: `Bearer ${wrong}` } })).status).toBe(401);
    expect((await ask(port, "/picture", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test("answers to its own names only, to no page of another site, and says so in plain words", async () => {
    const { port, token } = await openBoard(sandbox(), runtime);
    const get = (headers: Record<string, string>, path = "/events") => ask(port, `${path}?token=${token}`, { headers });
    const own = `127.0.0.1:${port}`;
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, `[::1]:${port}`])
      expect([host, (await get({ host })).status]).toEqual([host, 403]);
    for (const origin of ["http://evil.example", `http://localhost:${port}`, "null", `https://${own}`])
      expect([origin, (await get({ host: own, origin })).status]).toEqual([origin, 403]);
    expect((await get({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).status).toBe(403);
    expect((await get({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "/picture")).status).toBe(403);
    expect((await get({ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }, "/")).status).toBe(403);
    // A link in a chat may lead to the page itself.
    expect((await get({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "/")).status).toBe(200);
    expect((await get({ host: `localhost:${port}`, origin: `http://localhost:${port}` }, "/")).status).toBe(200);
    expect((await get({ host: "evil.example" })).body).toBe(
      "This is p9 board, which answers to 127.0.0.1 and localhost only\n",
    );
  });

  test("every answer forbids what it does not need, and no other site may read it", async () => {
    const { port, token } = await openBoard(sandbox(), runtime);
    const answers = await Promise.all(
      ["/", `/?token=${token}`, `/picture?token=${token}`, `/nothing?token=${token}`].map((path) => ask(port, path)),
    );
    for (const { headers } of answers) {
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; .*frame-ancestors '(none|self)'/);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(Object.keys(headers).filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([]);
    }
    const page = answers[1]?.headers["content-security-policy"] ?? "";
    expect(page).not.toMatch(/unsafe|\*|https?:/);
    expect(answers[1]?.body).not.toContain(token);
  });

  test("only reads with GET and HEAD, knows its own addresses only, and shrugs at what is no request", async () => {
    const { port, token, running } = await openBoard(sandbox(), runtime);
    const status = async (path: string, options = {}) => (await ask(port, path, options)).status;
    const headers = { authorization: `Bearer ${token}` };
    expect(await ask(port, `/?token=${token}`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      expect([method, await status("/", { method, headers })]).toEqual([method, 405]);
    // A form of another site can send no header: its token in the address is not enough.
    expect(await status(`/dismiss?wait=w-1&token=${token}`, { method: "POST" })).toBe(401);
    expect(await status("/dismiss?wait=w-1", { headers })).toBe(405);
    for (const path of ["/..%2f..%2fetc/passwd", "/../../etc/passwd", "//evil.example/", "/events/", "/%00", "/a\\b"])
      expect([path, await status(path, { headers })]).toEqual([path, 404]);
    expect(await raw(port, `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)).toMatch(/ 400 /);
    expect(await raw(port, "GET / HTTP/1.1\r\n\r\n")).toMatch(/ 400 /);
    const huge = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${"x".repeat(200_000)}\r\n\r\n`;
    expect(await raw(port, huge)).toMatch(/^$| 431 /);
    expect(await raw(port, "\u0000\u0001 what\r\n\r\n")).toMatch(/^$| 400 /);
    const body = await ask(port, `/?token=${token}`, { body: "x".repeat(50_000) });
    expect(body).toMatchObject({ status: 200, headers: { connection: "close" } });
    expect(await status(`/?token=${token}`)).toBe(200);
    expect(running.stderr()).not.toMatch(/\n\s+at /);
  });

  test("who sends half a request, or nothing, is cut off; others are served meanwhile", async () => {
    const { port, token } = await openBoard(sandbox(), runtime);
    const slow = Array.from({ length: 40 }, (_, at) =>
      raw(port, at % 2 === 0 ? "" : `GET /?token=${token} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `),
    );
    expect((await ask(port, `/?token=${token}`)).status).toBe(200);
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^$| 408 /);
    expect((await ask(port, `/?token=${token}`)).status).toBe(200);
  });

  test("tells every page the whole value at once and after each change; one that reads nothing holds up no other", async () => {
    const box = sandbox();
    writeEnded(box, 1, { extra: { title: "First of all" } });
    const board = await openBoard(box, runtime);
    const deaf = connect(board.port, "127.0.0.1");
    deaf.on("error", () => {});
    deaf.write(`GET /events?token=${board.token} HTTP/1.1\r\nHost: 127.0.0.1:${board.port}\r\n\r\n`);
    deaf.pause();
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(board)));
    for (const stream of streams) await stream.until(/^retry: \d+\n\nevent: situation\ndata: \{.*First of all.*\}\n\n/);
    for (const stream of streams) await stream.until(/event: beat\ndata: \{"at":"\d{4}-/);
    // While nothing changes, only that it is so is told.
    await streams[0]?.until(/(event: beat[\s\S]*){3}/);
    expect(streams[0]?.text().match(/event: situation/g)).toHaveLength(1);
    const many = "x".repeat(290);
    writeEnded(box, 200, { extra: { title: many } });
    for (const stream of streams) await stream.until(/PR #200 \(o\/r\)/);
    // One leaves, and the others hear on.
    streams[0]?.close();
    writeEnded(box, 1, { to_state: "RED_UNCLASSIFIED", extra: { reason: "it broke" } });
    for (const stream of streams.slice(1)) await stream.until(/it broke/);
    const late = await openStream(board);
    await late.until(/event: situation\ndata: \{.*PR #200.*it broke/);
    deaf.destroy();
    for (const stream of [...streams, late]) stream.close();
  });

  test.each([
    ["SIGINT", 0],
    ["SIGTERM", 14],
    ["SIGHUP", 14],
  ] as const)("%s ends it, with pages open, and tells them", async (signal, code) => {
    const board = await openBoard(sandbox(), runtime);
    const stream = await openStream(board);
    await stream.until(/event: beat/);
    void raw(board.port, "GET / HTTP/1.1\r\nHost: ");
    await ask(board.port, "/");
    const at = performance.now();
    board.running.kill(signal);
    expect(await board.running.ended).toMatchObject({ code, stderr: "" });
    // Half a request would hold it for ten seconds.
    expect(performance.now() - at).toBeLessThan(7_000);
    await stream.ended;
    expect(stream.text()).toMatch(/event: end\ndata: \{\}\n\n$/);
  });
});

test("a port that is taken, or none at all, is one line", async () => {
  const box = sandbox();
  const { port } = await openBoard(box);
  const taken = await box.p9(["board", "--port", String(port)]);
  expect([taken.code, taken.stdout]).toEqual([1, ""]);
  expect(taken.stderr).toBe(
    `p9: Cannot listen on port ${port}: another program has it; without --port a free one is taken\n`,
  );
  for (const bad of ["65536", "-1", "http", "1.5"]) {
    const { code, stderr } = await box.p9(["board", `--port=${bad}`]);
    expect([code, stderr.split("\n")[0]]).toEqual([
      3,
      `p9: Cannot listen on port "${bad}": wanted a number up to 65535`,
    ]);
  }
});

test("--json names address, port and process; the token is another each time", async () => {
  const box = sandbox();
  const tokens = new Set<string>();
  for (let start = 0; start < 2; start += 1) {
    const running = box.start(["board", "--json"]);
    await running.until(/\n/);
    const said = JSON.parse(running.stdout());
    expect(said).toEqual({ url: expect.stringContaining(`:${said.port}/?token=`), port: said.port, pid: running.pid });
    tokens.add(new URL(said.url).searchParams.get("token") ?? "");
    running.kill("SIGINT");
    await running.ended;
  }
  expect(tokens.size).toBe(2);
});

test("--open gives the browser an address that is good once, and no token on a command line", async () => {
  const box = sandbox();
  const browser = box.write("browser", '#!/bin/sh\necho "$1" > "$HOME/opened"\n');
  chmodSync(browser, 0o755);
  const running = box.start(["board", "--open"], { env: { BROWSER: browser } });
  const file = `${box.dir}/opened`;
  await eventually("the browser was started", () => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  const opened = new URL(readFileSync(file, "utf8").trim());
  const token = /token=(\S+)/.exec(running.stdout())?.[1] ?? "";
  expect(opened.href).not.toContain(token);
  const port = Number(opened.port);
  const path = `${opened.pathname}${opened.search}`;
  expect((await ask(port, path, { method: "HEAD" })).status).toBe(401);
  expect(await ask(port, path)).toMatchObject({ status: 303, headers: { location: `/?token=${token}` } });
  expect(await ask(port, path)).toMatchObject({ status: 403, body: expect.stringContaining("good once") });
});

test("dismisses what ended, with the token in a header, and nothing that runs", async () => {
  const box = sandbox();
  writeEnded(box, 2);
  await box.p9(["watch", "build", "--background", "--", "sleep", "600"]);
  const board = await openBoard(box);
  const stream = await openStream(board);
  await stream.until(/"wait_id":"w-2"/);
  const headers = { authorization: `Bearer ${board.token}` };
  const post = (wait: string, more = {}) =>
    ask(board.port, `/dismiss?wait=${wait}`, { method: "POST", headers: { ...headers, ...more } });
  expect((await post("w-2", { origin: "http://evil.example" })).status).toBe(403);
  expect(await post("w-9")).toMatchObject({ status: 404 });
  expect(await post("--help")).toMatchObject({ status: 404 });
  expect(await post("w-2")).toMatchObject({ status: 200, body: "PR #2 (o/r) left the status\n" });
  const running = box.events().find(({ kind }) => kind === "build")?.wait_id;
  expect(await post(String(running))).toMatchObject({ status: 409, body: expect.stringContaining("still watched") });
  expect(box.events().filter(({ type }) => type === "wait.dismissed")).toMatchObject([{ wait_id: "w-2" }]);
  stream.close();
});
