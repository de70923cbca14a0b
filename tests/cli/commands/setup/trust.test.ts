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

const inTerminal = (user: Sandbox, answers: string) =>
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
