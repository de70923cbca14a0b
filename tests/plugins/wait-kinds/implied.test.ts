// needs: git, gh
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deploysBranch } from "../../../plugins/wait-kinds/deploy/implied.ts";
import deploy from "../../../plugins/wait-kinds/deploy.ts";
import indexSync from "../../../plugins/wait-kinds/index-sync.ts";
import type { JsonObject } from "../../../src/plugin.ts";
import { type DeployWorld, startWorld } from "./deploy-world.ts";
import { granted, scratch } from "./providers/asking.ts";

describe("whether a push starts a deploy", () => {
  const folder = (...files: string[]) => {
    const root = scratch();
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), file.startsWith("wrangler") ? 'pages_build_output_dir = "dist"' : "{}");
    }
    return root;
  };

  it.each<[implied: boolean, files: string[], branch: string, policy: JsonObject, why: string]>([
    [true, ["vercel.json"], "main", {}, "there is a vercel.json"],
    [true, [".vercel/project.json"], "feature/x", {}, ".vercel/project.json"],
    [true, ["netlify.toml"], "feature/x", {}, "netlify.toml"],
    [true, ["wrangler.toml"], "feature/x", {}, "wrangler.toml"],
    [true, ["fly.toml"], "main", {}, "fly.toml"],
    [false, ["fly.toml"], "feature/x", {}, 'not "feature/x"'],
    [false, [], "main", {}, "no file here"],
    [true, [], "main", { providers: { api: { use: "kubernetes", workload: "deployment/api" } } }, "names api"],
    [false, [], "feature/x", { providers: { api: { use: "kubernetes" } } }, "no service of ci_watch.providers"],
    [true, [], "release/2", { providers: { api: { use: "kubernetes", branches: ["release/*"] } } }, "names api"],
    [true, [], "feature/x", { providers: { web: { use: "vercel" } } }, "names web"],
    [false, ["vercel.json"], "feature/x", { providers: { vercel: { branches: ["main"] } } }, "no service"],
    [false, [], "main", { providers: { github: { items: ["x"] } } }, "no file here"],
  ])("%s: %j pushed to %s with %j", (implied, files, branch, policy, why) => {
    const found = deploysBranch(folder(...files), branch, policy);
    expect(found).toMatchObject({ implied, why: expect.stringContaining(why) });
  });

  it("does not take a Worker's configuration for Pages", () => {
    const root = scratch();
    writeFileSync(join(root, "wrangler.toml"), 'name = "api"\nmain = "src/index.ts"');
    expect(deploysBranch(root, "main", {}).implied).toBe(false);
  });
});

describe("what a push starts by itself", () => {
  let world: DeployWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.github.stop());
  const pushed = (branch: string) => ({
    ref: null,
    argv: [],
    options: { method: "GET" },
    network: false,
    pushed: { sha: world.head, branch, at: 0 },
  });

  it("is a deploy of the pushed commit where the files speak of one, and nothing elsewhere", async () => {
    await expect(deploy.pin(pushed("main"), world.context())).rejects.toMatchObject({
      name: "RefError",
      message: expect.stringContaining("deploys nothing"),
    });
    world.write("vercel.json", "{}");
    expect(await deploy.pin(pushed("main"), world.context())).toMatchObject({ sha: world.head, complete: true });
  });

  it("is the deploy of those services that deploy the branch", async () => {
    const providers = { web: { use: "vercel", project: "p" }, api: { use: "kubernetes", workload: "deployment/api" } };
    const context = world.context({ env: { VERCEL_TOKEN: "t" }, config: { providers }, trusted: granted });
    expect((await deploy.pin(pushed("feature/x"), context)).identity.choices).toMatchObject([{ name: "web" }]);
    expect((await deploy.pin(pushed("main"), context)).identity.choices).toMatchObject([
      { name: "web" },
      { name: "api" },
    ]);
  });

  it("is an index sync when a path of it was changed", async () => {
    const config = { index_sync: { docs: { provider: "qdrant", collection: "docs", paths: ["docs/**/*.md"] } } };
    mkdirSync(join(world.clone, "docs/a"), { recursive: true });
    world.write("docs/a/b.md", "x");
    world.git("add", ".");
    world.git("commit", "-q", "-m", "docs");
    const sha = world.git("rev-parse", "HEAD");
    const request = { ...pushed("main"), pushed: { sha, branch: "main", at: 0 } };
    expect(await indexSync.pin(request, world.context({ config, trusted: granted }))).toMatchObject({
      ref: "docs",
      complete: true,
    });
    await expect(indexSync.pin(pushed("main"), world.context({ config }))).rejects.toMatchObject({
      name: "RefError",
      message: expect.stringContaining("no path"),
    });
  });
});
