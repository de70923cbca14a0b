// needs: gh, namespaces
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { PackageServer } from "../../servers/npm/package-server.ts";
import { hasVerdict, pullRequest, QUICK_POLICY } from "../support/pull-request.ts";
import { missingForClient } from "./support/client.ts";
import { bash, say } from "./support/model.ts";
import { asVersion, Clone, packThis, startRegistryFor, unpack } from "./support/package.ts";
import { REPO, until, World } from "./support/world.ts";

const missing = missingForClient();
const DENO = join(REPO, "node_modules/deno/deno");

let world: World;
let registry: PackageServer | undefined;
afterEach(async () => {
  await registry?.close();
  await world?.destroy();
});

/** A world in which there is no p9 but the plugin's, and a registry that has this build. */
async function fresh(): Promise<World> {
  world = await World.create();
  world.policy(QUICK_POLICY);
  rmSync(join(world.root, "bin/p9"));
  registry = await startRegistryFor(world);
  return world;
}

const settings = () => JSON.parse(readFileSync(join(world.home, ".claude/settings.json"), "utf8"));

test.skipIf(missing)(
  "installed from npm by the marketplace of a clone, it watches a push and wakes the session; uninstalled, it leaves everything else as it was",
  async () => {
    await fresh();
    const own = {
      skipDangerousModePermissionPrompt: true,
      permissions: { allow: ["Bash(ls:*)"] },
      hooks: { Stop: [{ hooks: [{ type: "command", command: "true" }] }] },
    };
    writeFileSync(join(world.home, ".claude/settings.json"), JSON.stringify(own));
    const pull = pullRequest(world, "FAILURE");
    registry?.published.push(packThis(world.root));
    await world.command("plugin", "marketplace", "add", new Clone(world).folder);
    await world.command("plugin", "install", "p9@broomva-p9");
    world.model.script(bash("git push"), bash("command -v p9; p9 --version"), say("pushed"), say("seen"));
    const session = world.stream();
    session.send("push");
    await session.turn(1);
    pull.head.endChecks();
    await session.turn(2);
    expect(world.model.requests[1]?.news).toContain("p9 watches");
    expect(world.model.requests[2]?.news).toMatch(/plugins\/cache\/broomva-p9\/p9\/1\.0\.0\/bin\/p9\n1\.0\.0/);
    expect(world.model.requests[3]?.news).toContain("ended RED_");
    expect(world.notes()).toBe("");
    await session.close();

    await world.command("plugin", "uninstall", "p9@broomva-p9");
    await world.command("plugin", "marketplace", "remove", "broomva-p9");
    expect(settings()).toEqual({ ...own, enabledPlugins: {}, extraKnownMarketplaces: {} });
    const before = world.model.requests.length;
    const events = world.events().length;
    world.model.script(
      bash("git commit -q --allow-empty -m again; git push"),
      bash("command -v p9 || echo none"),
      say("done"),
    );
    await world.headless("push again");
    const after = world.model.requests.slice(before);
    expect(after.at(-1)?.news).toContain("none");
    expect(after.map(({ news, system }) => news + system).join("\n")).not.toContain("p9 watches");
    expect(world.events()).toHaveLength(events);
  },
);

test.skipIf(missing)(
  "upgraded in mid-session, the session keeps the version that it began with, the next has the new one, and the end is told once to each",
  async () => {
    await fresh();
    const pull = pullRequest(world, "SUCCESS");
    const first = packThis(world.root);
    registry?.published.push(first, asVersion("1.1.0", first, world.root));
    const clone = new Clone(world);
    await world.command("plugin", "marketplace", "add", clone.folder);
    await world.command("plugin", "install", "p9@broomva-p9");
    world.model.script(bash("git push; p9 --version"), say("pushed"));
    const old = world.stream();
    old.send("push");
    await old.turn(1);
    expect(world.model.requests[1]?.news).toMatch(/1\.0\.0/);
    expect(world.model.requests[1]?.news).toContain("p9 watches");

    clone.pull("1.1.0");
    await world.command("plugin", "marketplace", "update", "broomva-p9");
    await world.command("plugin", "update", "p9@broomva-p9");
    expect(readdirSync(join(world.home, ".claude/plugins/cache/broomva-p9/p9")).sort()).toEqual(["1.0.0", "1.1.0"]);
    world.model.script(bash("p9 --version; p9 rearm"), say("looked"));
    await world.headless("look");
    expect(world.model.requests.at(-1)?.news).toContain("1.1.0");
    const leases = () => world.events().filter(({ type }) => type === "wait.lease");
    await until(
      () => leases().at(-1)?.watcher_version === "1.1.0",
      () => `a watcher of the new version:\n${JSON.stringify(leases(), null, 1)}`,
    );

    world.model.script(bash("p9 --version"), say("still here"));
    old.send("which one?");
    await old.turn(2);
    expect(world.model.requests.at(-1)?.news).toContain("1.0.0");
    pull.head.endChecks();
    await old.turn(3);
    expect(world.model.requests.filter(({ news }) => news.includes("ended GREEN"))).toHaveLength(1);
    expect(world.notes()).toBe("");
    await old.close();
  },
);

/** A folder of links to the programs of this machine, without some. */
function pathWithout(names: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const folder = join(world.root, "programs");
  mkdirSync(folder);
  const from = (process.env.PATH ?? "").split(":");
  for (const place of from.filter((entry) => entry.startsWith("/"))) {
    for (const name of list(place)) {
      if (names.includes(name)) continue;
      try {
        symlinkSync(join(place, name), join(folder, name));
      } catch {
        // An earlier entry of PATH has it.
      }
    }
  }
  for (const [name, target] of Object.entries(more)) symlinkSync(target, join(folder, name));
  return folder;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const NODE = ["node", "nodejs", "npm", "npx", "deno"];

test.skipIf(missing).each<[string, readonly string[], Readonly<Record<string, string>>]>([
  ["neither koffi nor flock(1) nor perl", ["flock", "perl"], {}],
  ["Deno and no Node", NODE, { deno: DENO }],
])("with %s, the plugin watches a push and wakes the session", async (_, without, more) => {
  await fresh();
  const pull = pullRequest(world, "FAILURE");
  const plugin = unpack(packThis(world.root), world.root);
  const env = { PATH: pathWithout(without, more) };
  world.model.script(bash("git push"), bash("p9 status; command -v node flock perl"), say("pushed"));
  const session = world.stream({ env, args: ["--plugin-dir", plugin] });
  session.send("push");
  await session.turn(1);
  pull.head.endChecks();
  await until(
    () => hasVerdict(world),
    () => `a verdict:\n${world.notes()}\n${JSON.stringify(world.events(), null, 1)}`,
  );
  await session.turn(2);
  expect(world.model.requests[1]?.news).toContain("p9 watches");
  expect(world.model.requests[2]?.news).toMatch(/PR (feature|#42) \(octo\/app\)/);
  for (const name of without) expect(world.model.requests[2]?.news).not.toContain(`/${name}\n`);
  expect(world.model.requests[3]?.news).toContain("ended RED_");
  expect(world.notes()).toBe("");
  await session.close();
});
