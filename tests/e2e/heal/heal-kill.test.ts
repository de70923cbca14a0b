// needs: gh
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../helpers/p9.ts";
import { healWorld } from "./world.ts";

const POLICY = "ci_watch:\n  settle: 0\nci_heal:\n  setup: sleep 0.4\n  commands:\n    format: sh scripts/fix.sh\n";
const FIX = {
  "scripts/fix.sh": "sleep 0.4\necho good > src/a.js\n",
  "scripts/check.sh":
    'grep -q good src/a.js || { echo "[warn] Code style issues found in the above file."; exit 1; }\n',
};

test("killing p9 at any point of a heal leaves the checkout untouched and the wait recoverable", async () => {
  const world = await healWorld({
    files: FIX,
    policy: POLICY,
    change: { "src/a.js": "bad 0\n" },
    jobs: [{ name: "format", command: "sh scripts/check.sh" }],
  });
  const p9 = (...args: string[]) => world.user.p9(args, { env: world.env, cwd: world.checkout, timeoutMs: 30_000 });
  await world.trust();
  let round = 0;
  for (const delayMs of [250, 700, 1_100, 1_500, 1_900]) {
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
    const heal = world.user.start(["heal", "42", "--apply"], { env: world.env, cwd: world.checkout });
    await new Promise((resolve) => setTimeout(resolve, delayMs));
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
}, 120_000);

test("two heals at once: one works, the other says that it waited", async () => {
  const world = await healWorld({
    files: FIX,
    policy: POLICY.replace("sleep 0.4", "sleep 4"),
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
  expect((await first.ended).code).toBe(0);
});
