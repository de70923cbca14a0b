// needs: git
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Sandbox, sandbox } from "../helpers/p9.ts";
import { inClient, isMissing } from "./clients.ts";

/** A workspace of two packages, one of which builds as told. */
function workspace(user: Sandbox, build: string): void {
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(user.work, path)), { recursive: true });
    writeFileSync(join(user.work, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  write("package.json", { name: "root", private: true, packageManager: "npm@10.8.0", workspaces: ["packages/*"] });
  write("package-lock.json", {
    name: "root",
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name: "root", workspaces: ["packages/*"] } },
  });
  write("turbo.json", { tasks: { build: { dependsOn: ["^build"] } } });
  write("packages/one/package.json", { name: "one", version: "1.0.0", scripts: { build: "echo building one" } });
  write("packages/two/package.json", {
    name: "two",
    version: "1.0.0",
    dependencies: { one: "1.0.0" },
    scripts: { build },
  });
}

describe.skipIf(isMissing("turbo"))("p9 watch build -- turbo run build, with the real turbo", () => {
  it.each([
    ["echo building two", 0, "succeeded"],
    ["echo src/index.ts:3:1 - error TS2304: Cannot find name x. && exit 3", 10, "failed"],
  ])("%s ends with %d", async (build, code, outcome) => {
    const user = sandbox();
    workspace(user, build);
    const turbo = inClient("turbo", "bin/turbo");
    chmodSync(turbo, 0o755);
    const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", CI: "1" };
    const ended = await user.p9(
      ["watch", "build", "--json", "--", process.execPath, turbo, "run", "build", "--no-daemon", "--ui=stream"],
      { env },
    );
    const report = JSON.parse(ended.stdout);
    expect({ code: ended.code, ...report }).toMatchObject({ code, outcome });
    if (outcome === "failed") expect(report.log_tail.join("\n")).toContain("Cannot find name x");
  });
});
