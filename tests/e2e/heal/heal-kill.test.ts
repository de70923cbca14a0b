// needs: gh
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../helpers/p9.ts";
import { type HealWorld, healWorld, UNTIL_GO } from "./world.ts";

const policy = (setup: string) =>
  `ci_watch:\n  settle: 0\nci_heal:\n  setup: ${setup}\n  commands:\n    format: sh scripts/fix.sh\n`;
/** A line of sh that says how far the heal is, and stays there long enough to be killed. */
const reach = (point: string) => `mkdir -p node_modules; touch node_modules/${point}; sleep 0.4`;
/** Where {@link reach} leaves its marks: in worktrees, as a heal writes nowhere else. */
function marks({ user }: HealWorld, point: string): string[] {
  const folder = join(user.home, "heal/octo/app");
  const found = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, "node_modules", point)) : [];
  return found.filter((path) => existsSync(path));
}
const FIX = {
  "scripts/fix.sh": `${reach("repair")}\necho good > src/a.js\n${reach("repaired")}\n`,
  "scripts/check.sh":
    'grep -q good src/a.js || { echo "[warn] Code style issues found in the above file."; exit 1; }\n',
};

test("killing p9 at any point of a heal leaves the checkout untouched and the wait recoverable", async () => {
  const world = await healWorld({
    files: FIX,
    policy: policy(reach("set-up")),
    change: { "src/a.js": "bad 0\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
  const p9 = (...args: string[]) => world.user.p9(args, { env: world.env, cwd: world.checkout });
  await world.trust();
  let round = 0;
  for (const point of ["start", "HEALING", "set-up", "repair", "repaired"]) {
    round += 1;
    // On another branch, so that a heal has no reason to move the checkout at all.
    if (round > 1) {
      rmSync(join(world.checkout, "mine.txt"));
      world.git("checkout", "--quiet", world.branch);
      world.git("fetch", "--quiet", "origin");
      world.git("reset", "--quiet", "--hard", `origin/${world.branch}`);
      world.push({ "src/a.js": `bad ${round}\n` }, `bad ${round}`);
    }
    world.git("checkout", "--quiet", "main");
    world.user.write("../checkout/mine.txt", `mine ${round}\n`);
    const watched = await p9("watch", "42", "--interval", "1", "--adopt");
    expect(watched.stderr).toContain("RED_CLASSIFIED");
    for (const mark of marks(world, point)) rmSync(mark);
    const heal = world.user.start(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
    await eventually(
      `it has reached "${point}"`,
      () => point === "start" || world.state() === point || marks(world, point).length > 0,
    );
    heal.kill("SIGKILL");
    await heal.ended;
    expect(world.git("symbolic-ref", "--short", "HEAD")).toBe("main");
    expect(world.git("status", "--porcelain")).toBe("?? mine.txt");
    expect(world.git("rev-parse", "HEAD")).toBe(world.git("rev-parse", "origin/main"));
    await p9("rearm", "--now");
    await eventually("the wait has a verdict again", () => ["RED_CLASSIFIED", "GREEN"].includes(world.state() ?? ""));
  }
  if (world.state() === "RED_CLASSIFIED") expect(await p9("heal", "42", "--apply")).toMatchObject({ code: 0 });
  await eventually("it is green in the end", () => world.state() === "GREEN");
  expect(world.file("src/a.js")).toBe("good");
  expect(world.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("two heals at once: one works, the other says that it waited", async () => {
  const world = await healWorld({
    files: FIX,
    policy: policy(UNTIL_GO),
    change: { "src/a.js": "bad\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
  await world.trust();
  await world.user.p9(["watch", "42", "--interval", "1"], { env: world.env, cwd: world.checkout });
  const first = world.user.start(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
  await eventually("the first one heals", () => world.state() === "HEALING");
  const second = await world.user.p9(["heal", "42", "--apply", "--lock-timeout", "1"], {
    env: world.env,
    cwd: world.checkout,
  });
  expect([second.code, second.stdout + second.stderr]).toEqual([
    6,
    expect.stringContaining("another heal has held the lock"),
  ]);
  world.go();
  expect((await first.ended).code).toBe(0);
});
