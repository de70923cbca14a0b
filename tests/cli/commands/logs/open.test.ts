// needs: gh
import { expect, test } from "vitest";
import { FAILED_TEST, jobsLab } from "./jobs-lab.ts";

/** A browser that says what it was given. */
async function lab() {
  const made = await jobsLab();
  const { box, env } = made;
  const browser = box.write("browser", `#!/bin/sh\nprintf '%s\\n' "$@" >> ${box.work}/opened\n`);
  const { chmodSync, existsSync, readFileSync } = await import("node:fs");
  chmodSync(browser, 0o755);
  const opened = () => (existsSync(`${box.work}/opened`) ? readFileSync(`${box.work}/opened`, "utf8") : "");
  const open = (...args: string[]) => box.p9(["open", ...args], { env: { ...env, BROWSER: browser } });
  return { ...made, opened, open };
}

test("the page of the job that failed first is opened, or that of a job which is named", async () => {
  const { head, open, opened } = await lab();
  head.checks(
    { name: "late", starts: -60, ends: -2, conclusion: "FAILURE" },
    { name: "early", starts: -60, ends: -30, conclusion: "FAILURE" },
    { name: "fine", starts: -60, ends: -50 },
  );
  const [late, early, fine] = head.suites[0]?.checks.map(({ id }) => String(id)) ?? [];
  const { code, stdout, stderr } = await open("42");
  expect([code, stdout, stderr]).toEqual([
    0,
    "",
    expect.stringMatching(/^p9: Opened https:\/\/github\.com\/octo\/app\/actions/),
  ]);
  expect(opened()).toMatch(new RegExp(`/job/${early}\n$`));
  expect((await open("42", "--job", "FIN", "--print")).stdout).toMatch(new RegExp(`/job/${fine}\n$`));
  expect((await open("42", "--job", "late", "--json")).stdout).toMatch(
    new RegExp(`^\\{"url":"https.*/job/${late}"\\}\n$`),
  );
  // Only the first of them opened anything.
  expect(opened().trim().split("\n")).toHaveLength(1);
});

test("where nothing failed it is the page of the checks", async () => {
  const { head, open } = await lab();
  head.checks("build");
  expect((await open("42", "--print")).stdout).toBe("https://github.com/octo/app/pull/42/checks\n");
  const { code, stderr } = await open("42", "--job", "no");
  expect([code, stderr]).toEqual([3, 'p9: No job is called "no": wanted one of "build"\n']);
});

test("a wait for an address has a page before it answers, without what may be a secret in it", async () => {
  const { box, env, open } = await lab();
  await box.p9(["watch", "http", "http://127.0.0.1:1/health?key=k7Rb2XqZ9mTf4WcY", "--background"], { env });
  const { open_waits } = await box.json<{ open_waits: { wait_id: string }[] }>(["status"], { env });
  expect((await open(open_waits[0]?.wait_id ?? "", "--print")).stdout).toBe("http://127.0.0.1:1/health\n");
  const { waits } = await box.json<{ waits: { url: string }[] }>(["top"], { env });
  expect(waits).toMatchObject([{ url: "http://127.0.0.1:1/health" }]);
});

test("where no browser can be used the address is printed, with a note", async () => {
  const { head, box, env } = await lab();
  head.checks("build");
  const alone = { ...env, BROWSER: "", DISPLAY: "", WAYLAND_DISPLAY: "", SSH_CONNECTION: "x" };
  expect(await box.p9(["open", "42"], { env: alone })).toMatchObject({
    code: 0,
    stdout: "https://github.com/octo/app/pull/42/checks\n",
    stderr: "p9: No browser here: open it by hand\n",
  });
  const broken = await box.p9(["open", "42"], { env: { ...alone, BROWSER: "no-such-browser" } });
  expect([broken.code, broken.stdout]).toEqual([0, "https://github.com/octo/app/pull/42/checks\n"]);
});

test.each([["javascript:alert(1)"], ["file:///etc/passwd"], ["https://user:password@example.com/"]])(
  "a check's page at %s is never opened",
  async (targetUrl) => {
    const { head, open, opened } = await lab();
    head.status({ context: "ci/evil", states: [[0, "FAILURE"]], targetUrl });
    const { stdout } = await open("42", "--print");
    expect(stdout).toBe("https://github.com/octo/app/pull/42/checks\n");
    await open("42", "--job", "evil");
    expect(opened()).toBe("");
  },
);

test("a wait opens its run, and one without an address says so", async () => {
  const { box, env, open, job, head } = await lab();
  job("test", "FAILURE", FAILED_TEST);
  const run = head.suites[0];
  await box.p9(["watch", "build", `run:${run?.runId}`, "--repo", "octo/app"], { env });
  expect((await open(`run:${run?.runId}`, "--print")).stdout).toBe(
    `https://github.com/octo/app/actions/runs/${run?.runId}/job/${run?.checks[0]?.id}\n`,
  );
  await box.p9(["watch", "build", "--", "false"], { env });
  const { code, stdout, stderr } = await open("false");
  expect([code, stdout, stderr]).toEqual([4, "", "p9: build false has no address on the web that can be opened\n"]);
});
