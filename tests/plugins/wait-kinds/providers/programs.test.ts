import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import fly from "../../../../plugins/wait-kinds/providers/deploys/fly.ts";
import npm from "../../../../plugins/wait-kinds/providers/indexes/npm.ts";
import type { PluginContext } from "../../../../src/plugin.ts";
import { interpret, type Values } from "../../../../src/provider.ts";
import { startRegistry } from "../../../servers/npm/registry.ts";
import { asker, scratch } from "./asking.ts";

describe("npm, through the real npm", () => {
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let context: PluginContext;
  const provider = interpret(npm);
  const look = async (ref: string) => provider.look({ ...(await provider.match(ref)) }, context);

  beforeEach(async () => {
    registry = await startRegistry();
    const home = scratch();
    context = asker(
      {
        npm_config_registry: registry.url,
        npm_config_cache: join(home, "cache"),
        npm_config_fetch_retries: "0",
        HOME: home,
      },
      { cwd: home },
    );
  });
  afterEach(() => registry.close());

  it("waits for a version until the registry serves it", async () => {
    expect(await look("p9-probe@1.0.0")).toMatchObject({ status: "waiting" });
    registry.versions["p9-probe"] = ["0.9.0"];
    expect((await look("p9-probe@1.0.0")).status).toBe("waiting");
    registry.versions["p9-probe"] = ["0.9.0", "1.0.0"];
    expect(await look("p9-probe@1.0.0")).toMatchObject({
      status: "succeeded",
      reason: expect.stringContaining("p9-probe@1.0.0"),
    });
  });

  it("knows scoped packages and pre-releases", async () => {
    registry.versions["@acme/tool"] = ["2.0.0-rc.1"];
    expect((await look("@acme/tool@2.0.0-rc.1")).status).toBe("succeeded");
  });

  it.each([500, 401, 429])("takes HTTP %d for an observation error", async (status) => {
    registry.trouble.push({ status, body: {} });
    await expect(look("p9-probe@1.0.0")).rejects.toMatchObject({ name: "ObservationError" });
  });

  it("takes no option of npm for a package", async () => {
    const argv: string[] = [];
    const gone = {
      code: 1,
      signal: null,
      stdout: "",
      stderr: "E404",
      timedOut: false,
      truncated: false,
      notFound: false,
    };
    await provider.look(
      { package: "--x", version: "1" },
      {
        ...context,
        exec: async (given) => {
          argv.push(...given);
          return gone;
        },
      },
    );
    expect(argv.slice(argv.indexOf("--"))).toEqual(["--", "--x@1", "version"]);
  });

  it("names npm when it is missing", async () => {
    const gone = {
      code: null,
      signal: null,
      stdout: "",
      stderr: "",
      timedOut: false,
      truncated: false,
      notFound: true,
    };
    context = { ...context, exec: async () => gone };
    await expect(look("p9-probe@1.0.0")).rejects.toMatchObject({
      lasting: true,
      needs: expect.stringContaining("npm"),
    });
  });
});

describe("Fly.io, through a program that prints what flyctl prints", () => {
  const SHA = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";
  let folder: string;
  let context: PluginContext;
  const provider = interpret(fly);
  beforeEach(() => {
    folder = scratch();
    context = asker(
      { PATH: `${folder}:${process.env.PATH}`, FLY_APP: "web", FLY_API_TOKEN: "fly-secret" },
      { cwd: folder },
    );
  });

  const release = (Version: number, Status: string, tag: string, error = "") => ({
    ID: `r${Version}`,
    Version,
    Stable: Status === "complete",
    InProgress: Status === "running",
    Status,
    Description: "Release",
    ImageRef: `registry.fly.test/web:${tag}`,
    CreatedAt: `2026-11-20T08:0${Version}:00Z`,
    Metadata: { post_deployment_info: { error } },
  });
  const prints = (releases: unknown, code = 0) => {
    writeFileSync(join(folder, "releases.json"), JSON.stringify(releases));
    writeFileSync(
      join(folder, "fly"),
      `#!/bin/sh\necho "$@" >> ${folder}/argv\n[ ${code} = 0 ] || { echo "Error: no access token available. Please login with 'flyctl auth login'" >&2; exit ${code}; }\ncat ${folder}/releases.json\n`,
    );
    chmodSync(join(folder, "fly"), 0o755);
  };
  const look = async (given: Values) => provider.look((await provider.locate(given, context)).values, context);

  it("finds the release whose image carries the commit", async () => {
    prints([release(4, "complete", "deployment-01ABC")]);
    expect((await look({ sha: SHA })).status).toBe("waiting");
    prints([release(5, "running", "sha-3f2a91c"), release(4, "complete", "deployment-01ABC")]);
    expect(await look({ sha: SHA })).toMatchObject({ status: "running", reason: expect.stringContaining("v5") });
    prints([release(5, "complete", "sha-3f2a91c")]);
    expect((await look({ sha: SHA })).status).toBe("succeeded");
  });

  it.each([
    ["pending", "waiting"],
    ["running", "running"],
    ["complete", "succeeded"],
    ["failed", "failed"],
    ["interrupted", "failed"],
  ])("reads %s as %s by the release's number", async (word, status) => {
    prints([release(6, "running", "x"), release(5, word, "y", "smoke checks failed")]);
    const seen = await look({ ...(await provider.match("v5")) });
    expect(seen.status).toBe(status);
    if (status === "failed") expect(seen.evidence?.[0]?.text).toBe("smoke checks failed");
  });

  it("counts an unknown state as running and names it", async () => {
    prints([release(5, "drifting", "y")]);
    expect(await look({ id: "5" })).toMatchObject({ status: "running", unknown: ['Fly.io state "drifting"'] });
  });

  it("asks for a login when the program wants one", async () => {
    prints([], 1);
    await expect(look({ id: "5" })).rejects.toMatchObject({ lasting: true, needs: expect.stringContaining("login") });
  });
});
