// needs: time, chromium
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { timestamp } from "../../../../src/base/clock.ts";
import { systemProcesses } from "../../../../src/process/this-machine.ts";
import { writeLook } from "../../../../src/watch/engine/look-file.ts";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { row } from "../../../stats/sample.ts";
import { openBoard, openRelay, writeEnded } from "./boards.ts";
import { openBrowser } from "./browser.ts";

const TEXT = "document.body.innerText";
const shows = (pattern: RegExp) => `${pattern}.test(${TEXT})`;

/** A page that shows the board of a sandbox. */
async function openPage(box: Sandbox, runtime: "node" | "deno" = "node") {
  const board = await openBoard(box, runtime);
  const page = await openBrowser(box);
  await page.resize(1280, 900);
  await page.open(board.url);
  await page.until("the page is live", shows(/\blive\b/));
  return { board, page };
}

/** Writes waits that this process watches, so that nobody takes them over. */
function writeLive(box: Sandbox, count: number, title: string, from = 1): void {
  mkdirSync(join(box.home, "looks"), { recursive: true, mode: 0o700 });
  const { pid, pid_start, boot_id } = systemProcesses.self();
  const at = Date.now() - 60_000;
  for (let pr = from; pr < from + count; pr += 1) {
    const extra = { pid, pid_start, boot_id, generation: 1, title: `${title}${pr}`, ceiling_max: 500 };
    const more = { pr, ref: `#${pr}`, session_id: `s${pr}`, extra };
    const rows = [row(`w-${pr}`, at, null, "PUSHED", more), row(`w-${pr}`, at, "PUSHED", "WATCHING", more)];
    appendFileSync(join(box.home, "state.jsonl"), rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
    look(box, pr, at);
  }
}

function look(box: Sandbox, pr: number, cycleAt: number, more = {}): void {
  writeLook(join(box.home, "looks"), {
    wait_id: `w-${pr}`,
    cycle_at: timestamp(cycleAt),
    last_look: timestamp(Date.now()),
    looks: 1,
    status: "pending",
    reason: "1 of 3 checks passed",
    progress: { done: 1, total: 3, percent: 33.3, phase: null },
    expected_at: Date.now() + 600_000,
    items: [
      { name: "lint", state: "succeeded" },
      { name: "unit tests", state: "running", url: "https://example.com/run/1" },
    ],
    errors: 0,
    error: null,
    active_used: 0,
    graces: {},
    memory: {},
    progressed_at: null,
    ...more,
  });
}

/** Whether the page is no wider than its window. */
const FITS = "document.documentElement.scrollWidth <= innerWidth";

describe.each(["node", "deno"] as const)("a page of p9 on %s", (runtime) => {
  test("shows a real wait as it goes on and ends, says the ending, and counts in its title", async () => {
    const box = sandbox();
    const next = join(box.work, "next");
    const script = `echo 1/4; until [ -e ${next}1 ]; do sleep 0.1; done; echo 3/4; until [ -e ${next}2 ]; do sleep 0.1; done; echo it broke here; exit 3`;
    const { page, board } = await openPage(box, runtime);
    await page.until("an empty home says what to do", shows(/Nothing is waited for[\s\S]*p9 watch 42/));
    await box.p9(["watch", "build", "--background", "--", "sh", "-c", script]);
    await page.until("the wait is there", shows(/Waiting\s*1\s*watching[\s\S]*build sh -c[\s\S]*1\/4 \(25%\)/));
    expect(await page.value("document.title")).toBe("1 waiting · p9 board");
    box.write("next1", "");
    await page.until("it goes on", shows(/3\/4 \(75%\)/));
    expect(await page.value("document.querySelector('[role=progressbar]').getAttribute('aria-valuenow')")).toBe("75");
    box.write("next2", "");
    await page.until("it ended", shows(/Needs somebody\s*1\s*red/));
    expect(await page.value("document.title")).toBe("1 needs you · p9 board");
    expect(await page.value("document.getElementById('said').textContent")).toMatch(/^build sh -c.*: red\. /);
    // The token is in no address that is kept, and the page can be loaded again all the same.
    expect(await page.value("location.href")).toBe(`http://127.0.0.1:${board.port}/`);
    await page.reload();
    await page.until("it is back", shows(/Needs somebody\s*1\s*red/));
    const picture = "document.getElementById('picture').contentDocument?.body?.innerText";
    await page.value("document.getElementById('picture').scrollIntoView()");
    await page.until("the picture of time is there", `/waited and worked/.test(${picture})`);
    // Coming back without the token was refused first; nothing else was complained about.
    expect(page.complaints.filter((text) => !text.includes("401 (Unauthorized)"))).toEqual([]);
  });
});

test("text from outside stays text, at any length, and in its own direction", async () => {
  const box = sandbox();
  const evil = [
    "<img src=x onerror=document.title='owned'>",
    "</script><script>document.title='owned'</script>",
    "\u202e\u2066mirror <b>bold</b> &amp; {{x}}",
    "שלום ".repeat(20),
    "x".repeat(10_000),
  ];
  for (const [at, title] of evil.entries()) {
    const wait = { extra: { title, reason: title, outcome: "failed", url: "javascript:alert(1)" } };
    writeEnded(box, 1, { ...wait, to_state: "RED_UNCLASSIFIED", wait_id: `w-${at}` });
  }
  const ts = timestamp(Date.now());
  const rows = evil.map((title, at) => {
    const ended = row(`e-${at}`, Date.now() - 9000, null, "PUSHED", {
      kind: "build",
      pr: null,
      repo: null,
      ref: title,
    });
    return [
      ended,
      { ...ended, from_state: "PUSHED", to_state: "WATCHING" },
      { ...ended, from_state: "WATCHING", to_state: "RED_UNCLASSIFIED", extra: { url: "javascript:alert(1)" } },
    ];
  });
  appendFileSync(
    join(box.home, "state.jsonl"),
    rows
      .flat()
      .map((one) => `${JSON.stringify(one)}\n`)
      .join(""),
  );
  const notices = evil.map((title) => ({
    ts,
    wait_id: "w-1",
    title,
    deliveries: [{ channel: title, ok: false, error: title }],
  }));
  appendFileSync(join(box.home, "notify.jsonl"), notices.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const { page } = await openPage(box);
  await page.until("all rows are there", shows(/Needs somebody\s*10[\s\S]*Told\s*5/));
  await page.value("for (const each of document.querySelectorAll('details')) each.open = true");
  await page.until("the details are there", shows(/whose move[\s\S]*<img src=x/));
  expect(await page.value("document.title")).toBe("10 need you · p9 board");
  expect(await page.value("document.querySelectorAll('main img, main script, main bdi b').length")).toBe(0);
  expect(await page.value(`${TEXT}.includes('\\u202e')`)).toBe(false);
  const links = await page.value<string[]>("[...document.querySelectorAll('main a')].map((each) => each.href)");
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((href) => !/^https?:/.test(href))).toEqual([]);
  for (const width of [360, 800, 1600]) {
    await page.resize(width, 900);
    await page.until(`all of it fits into ${width} pixels`, FITS);
  }
  expect(page.complaints).toEqual([]);
});

test("a window that changes its size while the picture of the day is loading is no error", async () => {
  const box = sandbox();
  writeEnded(box, 3, { to_state: "RED_UNCLASSIFIED" });
  const { page } = await openPage(box);
  await page.until("the picture is there", "document.querySelector('iframe').contentDocument.querySelector('figure')");
  await page.value("document.querySelector('iframe').contentDocument.documentElement.remove()");
  await page.resize(500, 900);
  await page.until("the page has the new width", "innerWidth === 500");
  await page.value("dispatchEvent(new Event('resize'))");
  expect(page.complaints).toEqual([]);
});

test("the keyboard does it all: move, open, filter, dismiss, help; what has the focus keeps it while rows change", async () => {
  const box = sandbox();
  writeEnded(box, 3, { to_state: "RED_UNCLASSIFIED", extra: { reason: "it broke" } });
  const { page } = await openPage(box);
  const focused = "document.activeElement.querySelector('.name b')?.textContent";
  await page.press("j");
  expect(await page.value(focused)).toBe("PR #3 (o/r)");
  await page.press("j", "j", "j");
  expect(await page.value(focused)).toBe("PR #1 (o/r)");
  await page.press("k");
  expect(await page.value(focused)).toBe("PR #2 (o/r)");
  expect(await page.value("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
  await page.press("Enter");
  await page.until(
    "details are open",
    "document.activeElement.parentElement.open && /whose move/.test(document.activeElement.parentElement.innerText)",
  );
  // Another row comes before it.
  writeLive(box, 5, "Later ", 11);
  await page.until("the new rows are there", shows(/Waiting\s*5/));
  expect(await page.value(focused)).toBe("PR #2 (o/r)");
  await page.press("Escape");
  expect(await page.value("document.querySelectorAll('details[open]').length")).toBe(0);
  await page.press("d");
  await page.until("it asks first", "document.activeElement.textContent === 'Press again to dismiss'");
  await page.press("d");
  await page.until("it is gone", `!${shows(/PR #2 \(o\/r\) *it broke|Needs somebody\s*3/)}`);
  expect(box.events().filter(({ type }) => type === "wait.dismissed")).toMatchObject([{ wait_id: "w-2" }]);
  await page.until("the next row has the focus", `${focused} === "PR #1 (o/r)"`);
  await page.press("/", "L", "a", "t", "e", "r", " ", "1", "4");
  await page.until("one row is left", "document.querySelectorAll('main summary').length === 1");
  await page.press("Enter");
  expect(await page.value(focused)).toBe("PR #14 (o/r)");
  await page.press("Escape");
  await page.until("the filter is off", "document.querySelectorAll('main summary').length > 4");
  await page.press("?");
  expect(await page.value("document.getElementById('help').open")).toBe(true);
  await page.press("Escape");
  await page.until("the help is closed", "!document.getElementById('help').open");
  expect(page.complaints).toEqual([]);
});

test("a hundred waits are drawn, and only what changed is drawn again", async () => {
  const box = sandbox();
  writeLive(box, 100, "Change number ");
  const { page } = await openPage(box);
  await page.until("all are there", shows(/100 waiting[\s\S]*Change number 100/));
  await page.value("window.kept = document.querySelectorAll('main summary')[7]; window.changes = 0");
  await page.value(
    "new MutationObserver((all) => { window.changes += all.filter(({ target }) => !target.closest?.('.when, header')).length }).observe(document.querySelector('main'), { childList: true, subtree: true })",
  );
  look(box, 50, Date.now() - 60_000, {
    progress: { done: 2, total: 3, percent: 66.7, phase: null },
    cycle_at: box.events().find(({ wait_id }) => wait_id === "w-50")?.ts,
  });
  await page.until("one went on", shows(/2\/3 \(67%\)/));
  expect(await page.value("kept === document.querySelectorAll('main summary')[7]")).toBe(true);
  expect(await page.value<number>("window.changes")).toBeLessThan(10);
});

test("a lost connection is said, with the time when all was true; it comes back by itself with all that is new", async () => {
  const box = sandbox();
  writeEnded(box, 1);
  const board = await openBoard(box);
  const relay = await openRelay(board.port);
  const page = await openBrowser(box, [`--host-resolver-rules=MAP localhost:${board.port} 127.0.0.1:${relay.port}`]);
  await page.open(board.url.replace("127.0.0.1", "localhost"));
  await page.until("the page is live", shows(/\blive\b/));
  relay.cut();
  await page.until(
    "the loss is said",
    shows(
      /connection lost\s+as of \d\d:\d\d:\d\d[\s\S]*tries again by itself\. What is shown was true at \d\d:\d\d:\d\d/,
    ),
  );
  writeEnded(box, 3);
  relay.mend();
  await page.until("it is back", shows(/\blive\b[\s\S]*PR #3 \(o\/r\)/));
  expect(await page.value("document.getElementById('notice').hidden")).toBe(true);
  board.running.kill("SIGINT");
  await page.until("the end is said", shows(/p9 board ended\s+as of[\s\S]*start it again and open its new address/));
});

test("a page of an earlier board on the same port is told that its address is no longer good", async () => {
  const box = sandbox();
  const first = await openPage(box);
  first.board.running.kill("SIGKILL");
  await first.board.running.ended;
  await openBoard(box, "node", ["--port", String(first.board.port)]);
  await first.page.until("it is told", shows(/refused[\s\S]*open the address that was printed last/));
  await first.page.reload();
  await first.page.until("and again in plain words", shows(/token/i));
});

test("light and dark, and motion only where it is wanted", async () => {
  const box = sandbox();
  writeLive(box, 1, "Change ");
  const { page } = await openPage(box);
  await page.until("the row is there", shows(/Change 1/));
  const paper = "getComputedStyle(document.body).backgroundColor";
  await page.media("prefers-color-scheme", "light");
  const light = await page.value(paper);
  await page.media("prefers-color-scheme", "dark");
  expect([light, await page.value(paper)]).toEqual(["rgb(251, 251, 250)", "rgb(20, 23, 26)"]);
  const moves = "getComputedStyle(document.querySelector('.track i')).transitionDuration";
  await page.media("prefers-reduced-motion", "no-preference");
  expect(await page.value(moves)).toBe("0.4s");
  await page.media("prefers-reduced-motion", "reduce");
  expect(await page.value(moves)).toBe("0s");
});
