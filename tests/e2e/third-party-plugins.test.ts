// needs: python3, curl
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, type Sandbox, sandbox } from "../helpers/p9.ts";

const FIXTURES = join(ROOT, "tests", "fixtures", "plugins");
const REPORT = `<testsuite><testcase classname="cart" name="adds" file="src/cart.ts"><failure message="1 != 2"/></testcase>
<testcase classname="cart" name="removes"/></testsuite>`;

let box: Sandbox;
/** A folder in which p9 is installed from its own package, and the plugins beside it. */
let folder = "";
let server: ReturnType<typeof createServer>;
let url = "";
const received: string[] = [];

beforeAll(async () => {
  box = sandbox({ keep: true });
  folder = join(box.dir, "clean");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const env = { ...process.env, npm_config_cache: process.env.npm_config_cache };
  // dist/ is built already, and other tests are using it.
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const tarball = execFileSync("npm", pack, { cwd: ROOT, encoding: "utf8", env }).trim();
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--silent", `./${tarball}`];
  execFileSync("npm", install, { cwd: folder, env });
  for (const name of readdirSync(FIXTURES)) cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, "junit.xml"), REPORT);
  // What "npm install" of a TypeScript plugin's development dependencies would bring.
  symlinkSync(join(ROOT, "node_modules", "@types"), join(folder, "node_modules", "@types"));
  execFileSync("node", [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "sonar-task"], { cwd: folder });

  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push(`${request.url} ${request.headers["x-gotify-key"]} ${Buffer.concat(chunks)}`);
      response.end('{"task":{"status":"SUCCESS","componentKey":"shop"}}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 180_000);

afterAll(async () => {
  server?.close();
  await box?.close();
});

/** The p9 that was installed, on one of its runtimes. */
async function run(runtime: string, args: readonly string[]): Promise<string> {
  const p9 = join(folder, "node_modules", "@broomva", "p9", "dist", "p9.js");
  const program =
    runtime === "node"
      ? [process.env.P9_TEST_NODE ?? "node", p9]
      : [join(ROOT, "node_modules/.bin/deno"), "run", "-A", "--quiet", p9];
  const env = { ...box.env, GOTIFY_TOKEN: "gotify-secret", BROOMVA_P9_HOME: join(box.dir, runtime) };
  const [file = "", ...rest] = program;
  const { stdout } = await promisify(execFile)(file, [...rest, ...args], { cwd: folder, env, timeout: 60_000 });
  return stdout;
}

describe.each(["node", "deno"])("from p9's package on %s", (runtime) => {
  test("a wait kind in TypeScript passes p9 plugin test, and watches", async () => {
    // Deno reads TypeScript; for Node 20 it is built.
    const plugin = runtime === "deno" ? "./sonar-task/src/plugin.ts" : "./sonar-task";
    const given = ["--ref", "AYtaskid0123", "--option", `url=${url}`];
    expect(await run(runtime, ["plugin", "test", plugin, ...given])).toMatch(
      /^sonar-task: \d+ checks passed, 1 skipped$/m,
    );
    await run(runtime, ["plugin", "add", plugin]);
    const report = await run(runtime, ["watch", "sonar-task", "AYtaskid0123", "--url", url, "--json"]);
    expect(JSON.parse(report)).toMatchObject({ state: "GREEN", reason: "The analysis of shop ended with SUCCESS" });
  }, 120_000);

  test("a queue source in Python passes p9 plugin test, and offers work", async () => {
    const plugin = "exec:./junit-failures/junit-failures.py";
    expect(await run(runtime, ["plugin", "test", plugin, "--here"])).toMatch(/^junit-failures: \d+ checks passed$/m);
    await run(runtime, ["plugin", "add", plugin]);
    expect(JSON.parse(await run(runtime, ["wait-queue", "pop"]))).toMatchObject({
      source: "junit-failures",
      item: "Find out why the test cart adds fails: 1 != 2",
      files: ["src/cart.ts"],
    });
  }, 120_000);

  test("a notifier in bash passes p9 plugin test, and delivers with its credential", async () => {
    received.length = 0;
    const plugin = "exec:./gotify/gotify.sh";
    expect(await run(runtime, ["plugin", "test", plugin, "--option", `url=${url}`])).toMatch(
      /^gotify: \d+ checks passed$/m,
    );
    expect(received[0]).toMatch(/^\/message gotify-secret \{"title":"p9 plugin test","message":".*","priority":4\}/);
  }, 120_000);
});
