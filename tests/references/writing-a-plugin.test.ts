// needs: time, python3
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { ROOT, type Sandbox, sandbox } from "../helpers/p9.ts";
import { blocksOf, commandsOf, patternOf } from "./snippets.ts";

const PAGE = readFileSync(join(ROOT, "references", "writing-a-plugin.md"), "utf8");
const BLOCKS = blocksOf(PAGE);

/** Runs a command line of the page as a reader would, with `p9` on PATH. */
async function shell(box: Sandbox, line: string): Promise<string> {
  const bin = join(box.dir, "bin");
  mkdirSync(bin, { recursive: true });
  const node = process.env.P9_TEST_NODE ?? "node";
  writeFileSync(join(bin, "p9"), `#!/bin/sh\nexec ${node} ${join(ROOT, "dist", "p9.js")} "$@"\n`, { mode: 0o755 });
  const env = { ...box.env, PATH: `${bin}:${box.env.PATH}` };
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd: box.work, env });
  return stdout.trim();
}

test("every file and command of the page works as it is shown", async () => {
  const box = sandbox();
  let commands = 0;
  for (const { language, file, text } of BLOCKS) {
    if (file !== null) writeFileSync(join(box.work, file), text);
    if (language !== "console") continue;
    for (const { command, output } of commandsOf(text)) {
      commands += 1;
      const printed = await shell(box, command).catch((error: Error) => error.message);
      expect.soft(printed, `$ ${command}`).toMatch(patternOf(output));
    }
  }
  expect(commands).toBeGreaterThan(10);
}, 120_000);

test("the plugins.jsonc of the page is one", () => {
  const text = BLOCKS.find(({ language }) => language === "jsonc")?.text ?? "";
  expect(JSON.parse(text).plugins).toHaveLength(3);
});

test("the TypeScript of the page type-checks, and passes the suite against a server", async () => {
  const box = sandbox();
  const source = BLOCKS.find(({ file }) => file === "jenkins.ts")?.text ?? "";
  mkdirSync(join(box.work, "node_modules", "@broomva"), { recursive: true });
  symlinkSync(ROOT, join(box.work, "node_modules", "@broomva", "p9"));
  symlinkSync(join(ROOT, "node_modules", "@types"), join(box.work, "node_modules", "@types"));
  box.write("package.json", '{ "type": "module" }');
  box.write("jenkins.ts", source);
  const flags = [
    "--strict",
    "--noEmit",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--types",
    "node",
    "--skipLibCheck",
  ];
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...flags, "jenkins.ts"], {
    cwd: box.work,
  });
  box.write("jenkins.mjs", (await transform(source, { loader: "ts" })).code);

  const server = createServer((request, response) => {
    response.end(JSON.stringify({ building: false, result: "SUCCESS", url: `http://ci${request.url}` }));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout, code } = await box.p9([
    "plugin",
    "test",
    "./jenkins.mjs",
    "--ref",
    "app/17",
    "--option",
    `url=${url}`,
  ]);
  expect(stdout).toMatch(/^jenkins: \d+ checks passed, 1 skipped$/m);
  expect(code).toBe(0);
}, 60_000);
