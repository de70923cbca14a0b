// needs: gh
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { missing } from "../../heal/confine/lab.ts";
import { type HealWorld, healWorld } from "./world.ts";

const POLICY = "ci_watch:\n  settle: 0\nci_heal:\n  commands:\n    format: sh scripts/fix.sh\n";
const CHECK = 'grep -q good src/a.js || { echo "[warn] Code style issues found in the above file."; exit 1; }\n';

/** A red pull request whose trusted repair does this before it repairs. */
async function red(before: string, policy = POLICY): Promise<HealWorld> {
  const world = await healWorld({
    files: {
      "package.json": "{}\n",
      "scripts/fix.sh": `${before}\necho good > src/a.js\n`,
      "scripts/check.sh": CHECK,
    },
    policy,
    change: { "src/a.js": "bad\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
  await world.trust();
  return world;
}

const heal = (world: HealWorld, env = world.env) =>
  world.user.p9(["heal", "42", "--apply"], { env, cwd: world.checkout });

async function server() {
  let connections = 0;
  const listening = createServer((socket) => {
    connections += 1;
    socket.end();
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void listening.close());
  const address = listening.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const script = `require("net").connect(${port}, "127.0.0.1").on("error", () => {}).on("connect", () => process.exit())`;
  return { line: `node -e '${script}'`, connections: () => connections };
}

/** A `PATH` with everything but what confines. */
function pathWithout(world: HealWorld, names: readonly string[]): string {
  const folder = join(world.user.dir, "programs");
  mkdirSync(folder);
  for (const from of (process.env.PATH ?? "").split(delimiter).filter(existsSync)) {
    for (const name of readdirSync(from))
      if (!names.includes(name) && !existsSync(join(folder, name))) symlinkSync(join(from, name), join(folder, name));
  }
  return folder;
}

describe("where this machine confines", () => {
  let why: string | null = null;
  beforeAll(async () => {
    why = (await missing("bubblewrap")) && (await missing("namespaces"));
  });

  test("a trusted repair that does more than repair leaves no mark and no connection, and its repair is pushed", async (context) => {
    if (why) context.skip(why);
    const { line, connections } = await server();
    const to = [
      '"$HOME/mark"',
      "/tmp/p9-e2e-mark",
      '"$(git rev-parse --git-common-dir)/hooks/post-merge"',
      "node_modules/mark",
    ];
    const world = await red(`${line}\n${to.map((path) => `echo mark > ${path}`).join("\n")}\n(setsid sleep 300 &)`);
    const applied = await heal(world);
    expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("pushed")]);
    expect(applied.stderr).toMatch(/running "sh scripts\/fix\.sh" .*, confined by (?:bubblewrap|namespaces)/);
    expect(world.file("src/a.js")).toBe("good");
    expect(connections()).toBe(0);
    const marks = [
      ...[join(world.user.dir, "mark"), "/tmp/p9-e2e-mark", join(world.checkout, ".git/hooks/post-merge")],
      join(world.checkout, "node_modules/mark"),
    ];
    expect(marks.filter(existsSync)).toEqual([]);
    expect(readdirSync(join(world.user.home, "heal/octo/app"))).toEqual([]);
  });

  test("a policy that gives repairs the network is asked about, and then they have it", async (context) => {
    if (why) context.skip(why);
    const { line, connections } = await server();
    const world = await red(line);
    const policy = join(world.checkout, ".control/policy.yaml");
    writeFileSync(policy, `${readFileSync(policy, "utf8")}  network: true\n`);
    const asked = await heal(world);
    expect([asked.code, asked.stderr]).toEqual([7, expect.stringContaining("ci_heal.network")]);
    expect(connections()).toBe(0);
    await world.trust();
    expect((await heal(world)).code).toBe(0);
    expect(connections()).toBe(1);
  });
});

test("where nothing confines, that is said, and what is installed is a copy", async () => {
  const world = await red("echo mark > node_modules/mark; test -e node_modules/.bin/biome");
  const env = { ...world.env, PATH: pathWithout(world, ["bwrap", "unshare"]) };
  const doctor = await world.user.p9(["doctor"], { env, cwd: world.checkout });
  expect(doctor.stdout).toMatch(/warn +confine +heal commands are not confined here/);
  const applied = await heal(world, env);
  expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining(", not confined")]);
  expect(world.file("src/a.js")).toBe("good");
  expect(existsSync(join(world.checkout, "node_modules/mark"))).toBe(false);
});

test("a head with a link that leads out of the repository is refused before anything runs; one within is healed", async () => {
  const world = await red("echo ran > ran.txt");
  const add = (path: string, target: string) => {
    symlinkSync(target, join(world.checkout, path));
    return world.push({ "src/a.js": `bad ${path}\n` }, path);
  };
  add("within", "src");
  add("out", "../outside");
  const refused = await heal(world);
  expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining('"out" to "../outside"')]);
  expect(refused.stderr).not.toContain("running");
  world.git("rm", "-q", "out");
  world.push({ "src/a.js": "bad link\n", "scripts/fix.sh": "ln -sf /etc/hostname src/a.js\n" }, "a link by the repair");
  await world.trust();
  const head = world.head();
  const linked = await heal(world);
  expect([linked.code, linked.stderr]).toEqual([7, expect.stringContaining('"src/a.js" to "/etc/hostname"')]);
  expect(world.head()).toBe(head);
  world.push({ "src/a.js": "bad again\n", "scripts/fix.sh": "echo good > within/a.js\n" }, "no link");
  await world.trust();
  expect((await heal(world)).code).toBe(0);
  expect(world.file("src/a.js")).toBe("good");
});
