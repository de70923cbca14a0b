// needs: git, script
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, type Sandbox, sandbox } from "../../../helpers/p9.ts";

/** A kind that runs what an entry of the policy says, and a source that runs a script of the repository; neither is known to p9. */
const CHORES = `
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ObservationError, UnavailableError } from "@broomva/p9";

const chore = ({ providers = {} }, name) => {
  const argv = providers[name]?.argv;
  return argv ? { subject: "chore " + name, content: argv.join(" "), argv } : null;
};
const script = (root) => {
  const file = join(root, "tools", "next.sh");
  return existsSync(file) ? { subject: "tools/next.sh", content: readFileSync(file, "utf8"), argv: ["sh", file] } : null;
};
const shown = ({ subject, content }) => ({ subject, content });

export default {
  name: "chores",
  waitKinds: [{
    name: "chore", summary: "A chore of the policy",
    pin: async ({ ref }) => ({ ref, key: ref, identity: {}, complete: true }),
    async look({ pin, config, trusted, exec }) {
      const { subject, content, argv } = chore(config, pin.ref);
      if (!(await trusted(subject, content))) throw new ObservationError("not trusted", { needs: "p9 trust" });
      const { stdout } = await exec(argv);
      return { status: "succeeded", reason: "It said " + stdout.trim() };
    },
    runs: async ({ config }) => Object.keys(config.providers ?? {}).flatMap((name) => chore(config, name) ?? []).map(shown),
  }],
  queueSources: [{
    name: "next-script", summary: "What a script of the repository says",
    async discover({ root, trusted, exec }) {
      const found = script(root);
      if (!(await trusted(found.subject, found.content))) throw new UnavailableError("it is not trusted");
      const { stdout } = await exec(found.argv);
      return [{ item: stdout.trim(), key: stdout.trim() }];
    },
    runs: async ({ root }) => [script(root)].filter(Boolean).map(shown),
  }],
};`;

/** The same as a program in bash. */
const PROGRAM = `#!/usr/bin/env bash
case $P9_CALL in
describe) echo '{"name": "made-up", "queueSources": [{"name": "made-up", "summary": "S", "has": ["runs"]}]}' ;;
runs) echo "{\\"subject\\": \\"made-up in $(basename "$P9_ROOT")\\", \\"content\\": \\"$P9_PART\\"}" ;;
discover) exit 4 ;;
esac
`;

const POLICY = "ci_watch:\n  providers:\n    tidy: { argv: [echo, tidied] }\nci_heal: {}\n";

async function project(): Promise<Sandbox> {
  const user = sandbox();
  execFileSync("git", ["init", "--quiet"], { cwd: user.work });
  user.write(".control/policy.yaml", POLICY);
  user.write("tools/next.sh", "echo Write the changelog\n");
  expect(await user.p9(["plugin", "add", user.write("../chores.mjs", CHORES)])).toMatchObject({ code: 0 });
  return user;
}

const inTerminal = (user: Sandbox, answers: string): string =>
  execFileSync(
    "script",
    ["-qec", `${process.env.P9_TEST_NODE ?? "node"} ${join(ROOT, "dist", "p9.js")} trust`, "/dev/null"],
    { cwd: user.work, env: { ...user.env }, input: answers, encoding: "utf8" },
  );

test("p9 trust asks for what a kind and a source of anybody's say that they would run, and they get it", async () => {
  const user = await project();
  const asked = await user.p9(["trust", "--json"]);
  expect(JSON.parse(asked.stdout).untrusted).toEqual([
    { subject: "chore tidy", content: "echo tidied" },
    { subject: "tools/next.sh", content: "echo Write the changelog\n" },
  ]);
  expect((await user.p9(["wait-queue", "pop"])).stderr).toContain('"next-script" cannot be asked: it is not trusted');
  expect(inTerminal(user, "y\n")).toContain("1 of 2 trusted");
  expect(inTerminal(user, "y\n")).toContain("1 of 1 trusted");
  expect((await user.p9(["wait-queue", "pop"])).stdout).toContain("Write the changelog");
  expect(await user.p9(["watch", "chore", "tidy"])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("It said tidied"),
  });
  user.write("tools/next.sh", "echo Something else\n");
  expect((await user.p9(["wait-queue", "pop"])).stderr).toContain('"next-script" cannot be asked: it is not trusted');
});

test("a program says what it would run, one object a line; a part that cannot say is named, and the rest is asked", async () => {
  const user = await project();
  const program = user.write("../made-up.sh", PROGRAM);
  const broken = user.write(
    "../broken.sh",
    PROGRAM.replaceAll("made-up", "broken").replace("runs) echo", "runs) echo no"),
  );
  for (const file of [program, broken]) {
    chmodSync(file, 0o755);
    expect(await user.p9(["plugin", "add", `exec:${file}`])).toMatchObject({ code: 0 });
  }
  const { stdout, stderr } = await user.p9(["trust", "--json"]);
  expect(JSON.parse(stdout).untrusted).toContainEqual({ subject: "made-up in work", content: "queue source" });
  expect(JSON.parse(stdout).untrusted).toHaveLength(3);
  expect(stderr).toContain("plugin broken: Cannot say what it would run: ");
});

/** Two heal commands that run the same file of the repository. */
async function twoCommands(): Promise<Sandbox> {
  const user = sandbox();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], { cwd: user.work });
  git("init", "--quiet");
  user.write(
    ".control/policy.yaml",
    'ci_watch: {}\nci_heal:\n  commands:\n    lint: ["node tools/lint.mjs"]\n    format: ["node tools/format.mjs"]\n',
  );
  for (const name of ["lint", "format"]) user.write(`tools/${name}.mjs`, 'import "./shared.mjs";\n');
  user.write("tools/shared.mjs", "console.log(1);\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  return user;
}

test("p9 trust asks once about a changed file that several entries share", async () => {
  const user = await twoCommands();
  expect(inTerminal(user, "y\ny\n")).toContain("2 of 2 trusted");
  user.write("tools/shared.mjs", "console.log(2);\n");
  const asked = inTerminal(user, "y\n");
  expect(asked).toContain("1 of 1: 2 entries whose own texts are as they were trusted:");
  expect(asked).toContain("    tools/shared.mjs");
  expect(asked).toContain("Trust these 2 with the files as they are now? [y/N]");
  expect(asked).toContain("2 of 2 trusted");
  expect(inTerminal(user, "").replace(/\s+/g, " ")).toContain(
    "2 entries of this repository, all trusted: ci_heal.commands.lint, ci_heal.commands.format",
  );
});

test("p9 trust --revoke takes one entry back, or all, and names what there is for one that is not trusted", async () => {
  const user = await twoCommands();
  inTerminal(user, "y\ny\n");
  expect(await user.p9(["trust", "--revoke", "ci_heal.commands.types"])).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /"ci_heal.commands.types" is not trusted here\n +these are: "ci_heal.commands.lint", "ci_heal.commands.format"/,
    ),
  });
  expect((await user.p9(["trust", "--revoke", "ci_heal.commands.lint"])).stdout).toContain(
    "trust in 1 entry was revoked",
  );
  const { trusted, untrusted } = JSON.parse((await user.p9(["trust", "--json"])).stdout);
  expect(trusted).toEqual(["ci_heal.commands.format"]);
  expect(untrusted).toMatchObject([{ subject: "ci_heal.commands.lint" }]);
  expect((await user.p9(["trust", "--revoke"])).stdout).toContain("trust in 1 entry was revoked");
});

test("p9 trust says where an entry sends, and which variables go along, also in a policy with only one of the blocks", async () => {
  const user = sandbox();
  execFileSync("git", ["init", "--quiet"], { cwd: user.work });
  user.write(
    ".control/policy.yaml",
    "ci_watch:\n  providers:\n    chat: { url: 'https://chat.example.org/x', headers: { authorization: 'env:CHAT_KEY' } }\n",
  );
  const { code, stderr } = await user.p9(["trust"]);
  expect(stderr).toContain("sends $CHAT_KEY and a request to chat.example.org");
  expect(stderr).toContain('Cannot find the block "ci_heal:"');
  expect(code).toBe(7);
});
