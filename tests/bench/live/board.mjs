// What `p9 board` costs: how soon its address is there, and its share of a processor and its memory with 100 waits that are looked at all
// the time, without a page and with pages: `node tests/bench/live/board.mjs [seconds]`, after a build. Needs /proc.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuMs, LOOKS_PER_S, makeHome, startLooks, WAITS } from "./home.mjs";

const p9 = join(dirname(fileURLToPath(import.meta.url)), "../../../dist/p9.js");
const seconds = Number(process.argv[2] ?? 20);
const PAGES = [0, 1, 10];
const scratch = mkdtempSync(join(tmpdir(), "p9-bench-"));
const home = join(scratch, "state");
const env = { PATH: process.env.PATH, HOME: scratch, BROOMVA_P9_HOME: home, LANG: "C.UTF-8" };

/** Resolves with the address that a board prints. */
function addressOf(child) {
  return new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      if (text.includes("\n")) resolve(new URL(text.trim()));
    });
  });
}

/** Reads the events as a page does, and counts their bytes. */
function openPage(url) {
  const page = { bytes: 0, close: () => {} };
  const sent = get(new URL(`/events${url.search}`, url), { agent: false }, (response) => {
    response.on("error", () => {});
    response.on("data", (data) => {
      page.bytes += data.length;
    });
  });
  sent.on("error", () => {});
  page.close = () => sent.destroy();
  return page;
}

async function share(pid) {
  const [before, start] = [cpuMs(pid), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return (cpuMs(pid) - before) / (performance.now() - start);
}

const memoryMb = (pid) =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);

makeHome(home);
const endLooks = startLooks(home);
const start = performance.now();
const board = spawn(process.execPath, [p9, "board"], { env, stdio: ["ignore", "pipe", "inherit"] });
try {
  const url = await addressOf(board);
  console.log(`p9 board, address printed after ${Math.round(performance.now() - start)} ms`);
  const pages = [];
  for (const count of PAGES) {
    while (pages.length < count) pages.push(openPage(url));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = pages[0]?.bytes ?? 0;
    const used = await share(board.pid);
    const rate = Math.round(((pages[0]?.bytes ?? 0) - before) / seconds / 1024);
    console.log(
      `${WAITS} waits, ${LOOKS_PER_S} looks a second, ${count} pages: ${(used * 100).toFixed(1)} % of a processor, ${memoryMb(board.pid)} MB, ${rate} KB/s a page`,
    );
  }
  endLooks();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  console.log(
    `nothing happens, ${pages.length} pages: ${((await share(board.pid)) * 100).toFixed(1)} % of a processor`,
  );
  for (const page of pages) page.close();
} finally {
  const ended = new Promise((resolve) => board.once("close", resolve));
  board.kill("SIGINT");
  await ended;
  rmSync(scratch, { recursive: true, force: true });
}
