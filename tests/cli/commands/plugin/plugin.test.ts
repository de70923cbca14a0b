// needs: time, python3
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sandbox } from "../../../helpers/p9.ts";
import { MARKING, ran } from "./marking-plugin.ts";

describe("p9 plugin add, list and remove", () => {
  test("keep the comments of plugins.jsonc, and are the same when done twice", async () => {
    const box = sandbox();
    box.write("p.mjs", MARKING);
    mkdirSync(box.home);
    const file = join(box.home, "plugins.jsonc");
    writeFileSync(file, '{\n  // mine\n  "plugins": [],\n}\n');
    expect((await box.p9(["plugin", "add", "./p.mjs"])).stdout).toContain("Added marking");
    expect((await box.p9(["plugin", "add", "./p.mjs"])).stdout).toContain("Already there: marking");
    const { plugins } = await box.json<{ plugins: Record<string, unknown>[] }>(["plugin", "list"]);
    expect(plugins).toMatchObject([
      {
        name: "marking",
        plugin: join(box.work, "p.mjs"),
        trusted: true,
        wait_kinds: ["marked-kind"],
        queue_sources: ["marked-source"],
        notifiers: ["marked-notifier"],
        problem: null,
      },
    ]);
    expect((await box.p9(["plugin", "remove", "marking"])).code).toBe(0);
    expect(readFileSync(file, "utf8")).toMatch(/\/\/ mine\n {2}"plugins": \[\]/);
    expect((await box.p9(["plugin", "remove", "marking"])).code).toBe(3);
  });

  test("write through a link in the place of plugins.jsonc", async () => {
    const box = sandbox();
    box.write("p.mjs", MARKING);
    mkdirSync(box.home);
    const kept = box.write("dotfiles/plugins.jsonc", '{ "plugins": [] }');
    symlinkSync(kept, join(box.home, "plugins.jsonc"));
    expect((await box.p9(["plugin", "add", "./p.mjs"])).code).toBe(0);
    expect(readFileSync(kept, "utf8")).toContain("p.mjs");
    expect(lstatSync(join(box.home, "plugins.jsonc")).isSymbolicLink()).toBe(true);
  });

  test("lose none of several that are added at once", async () => {
    const box = sandbox();
    const names = ["one", "two", "three", "four", "five"];
    const files = names.map((name) =>
      box.write(
        `${name}.mjs`,
        `export default { name: "${name}", notifiers: [{ name: "${name}", summary: "S", async deliver() {} }] };`,
      ),
    );
    const ended = await Promise.all(files.map((file) => box.p9(["plugin", "add", file])));
    expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0));
    const { plugins } = await box.json<{ plugins: { name: string }[] }>(["plugin", "list"]);
    expect(plugins.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test("take in no plugin that cannot say what it provides", async () => {
    const box = sandbox();
    box.write("p.mjs", "export default { name: 'Bad Name' };");
    const { code, stderr } = await box.p9(["plugin", "add", "./p.mjs"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^p9: Cannot add plugin ".*p.mjs": .*wanted a kebab-case name/);
    expect(existsSync(join(box.home, "plugins.jsonc"))).toBe(false);
  });

  test("install an npm package without running its scripts", async () => {
    const box = sandbox();
    box.write(
      "pkg/package.json",
      JSON.stringify({
        name: "p9-plugin-marking",
        version: "1.2.3",
        type: "module",
        exports: "./p.mjs",
        scripts: { postinstall: "touch $HOME/installed" },
      }),
    );
    box.write("pkg/p.mjs", MARKING);
    const packed = execFileSync("npm", ["pack", "--silent"], { cwd: join(box.work, "pkg"), encoding: "utf8" }).trim();
    const registry = await serving("p9-plugin-marking", "1.2.3", readFileSync(join(box.work, "pkg", packed)));
    const env = { npm_config_registry: registry, npm_config_cache: join(box.dir, "npm-cache") };
    expect((await box.p9(["plugin", "add", "npm:p9-plugin-marking@1.2.3"], { env })).code).toBe(0);
    expect((await box.p9(["plugin", "list"])).stdout).toContain("provides   wait kind marked-kind");
    expect(existsSync(join(box.dir, "installed"))).toBe(false);
    expect((await box.p9(["plugin", "remove", "npm:p9-plugin-marking"], { env })).code).toBe(0);
    expect(existsSync(join(box.home, "plugins/node_modules/p9-plugin-marking"))).toBe(false);
  }, 90_000);
});

describe("p9 plugin test", () => {
  test("says in one line that a program is no plugin", async () => {
    const { code, stderr } = await sandbox().p9(["plugin", "test", "exec:/bin/true"]);
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      'p9: exec:/bin/true fails before any test: Plugin "exec:/bin/true" gave 0 answers to "describe": wanted one',
    );
  });

  test("fails a program that takes any answer for a delivery, by letting its requests fail", async () => {
    const box = sandbox();
    const server = createServer((_, response) => void response.end("{}"));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const script = box.write(
      "deaf.sh",
      `#!/bin/sh
      [ $P9_CALL = describe ] && echo '{"name": "deaf", "notifiers": [{"name": "deaf", "summary": "S"}]}' && exit
      curl -s -m 5 -o /dev/null -d x ${url}`,
    );
    chmodSync(script, 0o755);
    const { code, stdout } = await box.p9(["plugin", "test", "./deaf.sh"]);
    expect(code).toBe(1);
    expect(stdout.match(/^ {2}FAIL .*/gm)).toEqual([
      "  FAIL  says that it did not deliver when everything answers 401: deliver() said that it delivered",
      "  FAIL  says that it did not deliver when everything answers 429: deliver() said that it delivered",
      "  FAIL  says that it did not deliver when everything answers 502: deliver() said that it delivered",
    ]);
  }, 90_000);
});

describe("twenty plugins that misbehave", () => {
  test("empty no queue, delay no status, and start nothing for it", async () => {
    const box = sandbox();
    const faults = ["throw 1", "process.exit(0)", "for (;;);", "return 'no list'", "return [{ item: 1 }]"];
    const plugins = Array.from({ length: 20 }, (_, n) => {
      const body = faults[n % faults.length];
      return box.write(
        `p${n}.mjs`,
        `import { appendFileSync } from "node:fs"; appendFileSync(process.env.HOME + "/ran", "x");
        export default { name: "p${n}", queueSources: [{ name: "s${n}", summary: "S", timeoutS: 1, async discover() { ${body} } }] };`,
      );
    });
    mkdirSync(box.home);
    writeFileSync(join(box.home, "plugins.jsonc"), JSON.stringify({ plugins }));
    await box.p9(["wait-queue", "push", "--item", "Write the docs", "--source", "session"]);
    expect((await box.p9(["status", "--json"])).code).toBe(0);
    expect(ran(box)).toBe(false);
    const popped = await box.json<{ item: string }>(["wait-queue", "pop"]);
    expect(popped.item).toBe("Write the docs");
    const { stderr, code } = await box.p9(["wait-queue", "pop"]);
    expect(code).toBe(0);
    for (const n of [0, 1, 2, 3, 4]) expect(stderr).toContain(`s${n}`);
    expect(stderr).not.toContain("Warning");
  }, 120_000);
});

test("p9 plugin test runs a part of p9 itself by its name, with the suite that is everybody's", async () => {
  const box = sandbox();
  const { code, stdout } = await box.p9(["plugin", "test", "command", "--ref", "job", "--option", "cmd=true"]);
  expect(stdout).toMatch(/^wait kind command\n {2}ok /);
  expect(stdout).toMatch(/^notifier command\n {2}ok /m);
  expect(stdout).toMatch(/^command: \d+ checks passed, 1 skipped$/m);
  expect(code).toBe(0);
  expect((await box.p9(["plugin", "test", "no-such-part"])).stderr).toContain("there is no file");
});

/** The address of a registry on loopback that has one version of one package. */
async function serving(name: string, version: string, tarball: Buffer): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    if (url.endsWith(".tgz")) return void response.end(tarball);
    const dist = { tarball: `http://${at()}/p.tgz`, shasum: createHash("sha1").update(tarball).digest("hex") };
    const versions = { [version]: { name, version, dist } };
    response.writeHead(url === `/${name}` ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return `http://${at()}/`;
}
