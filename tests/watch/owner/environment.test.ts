import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { identifyEnvironment } from "../../../src/watch/owner/environment.ts";
import { ROOT } from "../../helpers/p9.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "p9-environment-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** In each thread: identifies the environment in every home, all threads in the same home at the same moment. */
const THREAD = `
const { parentPort, workerData: { file, homes, arrived, threads } } = require("node:worker_threads");
import(file).then(({ identifyEnvironment }) => {
  const at = new Int32Array(arrived);
  const ids = homes.map((home, index) => {
    Atomics.add(at, index, 1);
    while (Atomics.load(at, index) < threads);
    return identifyEnvironment(home, { HOME: "/home/me" }).env_id;
  });
  parentPort.postMessage(ids);
});`;

test("an environment has one id when processes use a new home at once", async () => {
  const dir = folder();
  const module = join(dir, "environment.mjs");
  const entryPoints = [join(ROOT, "src/watch/owner/environment.ts")];
  await build({ entryPoints, outfile: module, bundle: true, platform: "node", format: "esm" });
  const homes = Array.from({ length: 200 }, (_, index) => join(dir, `home-${index}`));
  const threads = 2;
  const workerData = { file: module, homes, threads, arrived: new SharedArrayBuffer(4 * homes.length) };
  const answers = await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(THREAD, { eval: true, workerData });
      return new Promise<string[]>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    }),
  );
  expect(answers[1]).toEqual(answers[0]);
});

test("an empty key is made anew: it would not hide a short secret", () => {
  const home = folder();
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "environment.key"), "");
  identifyEnvironment(home, {});
  expect(readFileSync(join(home, "environment.key"), "utf8")).toMatch(/^[0-9a-f]{48}$/);
});
