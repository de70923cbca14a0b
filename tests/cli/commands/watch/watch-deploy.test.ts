// needs: time, git, gh, psql
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually, type Sandbox, sandbox } from "../../../helpers/p9.ts";
import { startGitHub } from "../../../servers/github/mod.ts";
import { startPostgres } from "../../../servers/postgres/cluster.ts";
import { startVendor } from "../../../servers/vendors/harness.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { startDeployVendor } from "../../../servers/vendors/world.ts";

interface Report {
  readonly state: string;
  readonly outcome: string;
  readonly reason: string;
  readonly sha: string | null;
}

/** A user with a clone of one commit, and Vercel behind it. */
async function withVercel() {
  const user = sandbox();
  const sha = commit(user, "one");
  const vendor = await startDeployVendor(vercelVendor);
  onTestFinished(() => vendor.close());
  const env = vercelVendor.env(vendor.url);
  const deployed = (state: string, of = sha, nth = 0) => {
    vendor.world.items.push({ id: vercelVendor.ids[nth] ?? "", sha: of, state, at: Date.now() + nth });
  };
  const watch = (...args: string[]) =>
    user.p9(["watch", "deploy", "--provider", "vercel", "--interval", "1", "--json", ...args], { env });
  return { user, sha, vendor, env, deployed, watch };
}

function commit({ work }: Sandbox, message: string): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      cwd: work,
      encoding: "utf8",
    }).trim();
  git("init", "-q", "-b", "main");
  git("commit", "-q", "--allow-empty", "-m", message);
  return git("rev-parse", "HEAD");
}

/** Everything that lies in the state directory, as one text. */
function allOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

describe("p9 watch deploy", () => {
  it("follows a deploy to success: exit 0, GREEN, of this commit", async () => {
    const { sha, vendor, deployed, watch } = await withVercel();
    deployed("BUILDING");
    const ended = watch();
    await expect.poll(() => vendor.requests.length).toBeGreaterThan(0);
    for (const item of vendor.world.items) item.state = "READY";
    const { code, stdout } = await ended;
    const report: Report = JSON.parse(stdout);
    expect({ code, ...report }).toMatchObject({ code: 0, state: "GREEN", outcome: "succeeded", sha });
  });

  it("fails with the provider's own lines: exit 10", async () => {
    const { vendor, deployed, watch, user } = await withVercel();
    vendor.world.log = ["ok", "Error: cannot find module './x'"];
    deployed("ERROR");
    const { code, stdout } = await watch();
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 10,
      outcome: "failed",
      reason: expect.stringContaining("exited with 1"),
    });
    expect(JSON.stringify(user.events())).toContain("cannot find module './x'");
  });

  it("is blocked, superseded or cancelled with its own exit code", async () => {
    const one = await withVercel();
    one.deployed("BLOCKED");
    expect((await one.watch()).code).toBe(11);
    const two = await withVercel();
    two.deployed("CANCELED");
    two.deployed("BUILDING", "9".repeat(40), 1);
    expect((await two.watch()).code).toBe(13);
    const three = await withVercel();
    three.deployed("CANCELED");
    expect((await three.watch()).code).toBe(10);
  });

  it("never takes silence for success: a deploy that is never reported meets its deadline, 12", async () => {
    const { watch } = await withVercel();
    const { code, stdout } = await watch("--timeout", "3");
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 12, outcome: "timed_out" });
  });

  it("exits 4 naming the variable when a credential is refused, and the wait stays", async () => {
    const { user, env } = await withVercel();
    const { code, stderr } = await user.p9(["watch", "deploy", "--provider", "vercel", "--interval", "1"], {
      env: { ...env, VERCEL_TOKEN: "wrong-secret" },
    });
    expect(code).toBe(4);
    expect(stderr).toContain("Not authorized");
    expect(stderr + allOf(user.home)).not.toContain("wrong-secret");
    const { open_waits } = await user.json<{ open_waits: { state: string; needs: string }[] }>(["status"]);
    expect(open_waits).toMatchObject([{ to_state: "WATCHING", needs: expect.stringContaining("VERCEL_TOKEN") }]);
  });

  it("is watched in the background through the real gh, and leaves no secret on the disk", async () => {
    const { user, sha, env, vendor } = await withVercel();
    const github = await startGitHub();
    onTestFinished(() => github.stop());
    const repo = github.world.repo("octo/app");
    repo.deploy(sha, {
      environment: "Production",
      creator: "vercel[bot]",
      states: [
        [0, "IN_PROGRESS"],
        [3, "FAILURE"],
      ],
      environmentUrl: "https://web-aa1bb2cc.vercel.app",
    });
    vendor.world.items.push({ id: vercelVendor.ids[0], sha, state: "ERROR", at: Date.now() });
    vendor.world.log = ["Error: out of memory"];
    const all = { ...env, ...github.env };
    const started = await user.json<{ wait_id: string; kind: string; pid: number }>(
      ["watch", "deploy", "--repo", "octo/app", "--background", "--interval", "1"],
      { env: all },
    );
    expect(started).toMatchObject({ kind: "deploy", pid: expect.any(Number) });
    const ended = await user.p9(["attach", started.wait_id], { env: all });
    expect(ended.code).toBe(10);
    const kept = allOf(user.home);
    expect(kept).toContain("out of memory");
    for (const secret of ["vcp_secret_of_vercel", github.env.GH_TOKEN ?? "?"]) expect(kept).not.toContain(secret);
  });
});

describe("a provider of the user's own, with a variable of its own", () => {
  it("is watched in the background, also after its watcher was killed hard", async () => {
    let phase = "building";
    const server = await startVendor({
      routes: [["GET", /^\/[0-9a-f]{40}$/, () => ({ body: { phase } })]],
      allows: ({ authorization }) => authorization === "Bearer acme-secret",
      refusal: { status: 401, body: {} },
      notFound: { status: 404, body: {} },
    });
    onTestFinished(() => server.close());
    const user = sandbox();
    commit(user, "one");
    const acme = `{ base: { url: "${server.url}" }, headers: { authorization: "Bearer {env:ACME_TOKEN}" }, request: { path: "/{sha}" }, state: /phase, states: { running: [building], succeeded: [live] } }`;
    user.write("../state/config.yaml", `ci_watch:\n  providers:\n    acme: ${acme}\nci_heal: {}\n`);
    const env = { ACME_TOKEN: "acme-secret" };
    const started = await user.json<{ pid: number; wait_id: string }>(
      ["watch", "deploy", "--background", "--interval", "1"],
      { env },
    );
    await expect.poll(() => server.requests.length).toBeGreaterThan(0);
    process.kill(started.pid, "SIGKILL");
    phase = "live";
    // Another shell, without the variable, cannot look and says so; one that has it goes on.
    expect((await user.p9(["rearm", "--now"])).stdout).toContain("needs the variable ACME_TOKEN");
    await user.p9(["rearm", "--now"], { env });
    expect((await user.p9(["attach", started.wait_id], { env })).code).toBe(0);
    expect(allOf(user.home)).not.toContain("acme-secret");
  });
});

describe("a provider in the configuration", () => {
  const ACME = "title: Acme Deploys, base: { url: 'https://acme.test' }, request: { path: '/{sha}' }, state: /phase";
  const withConfig = (entries: string, block = "providers") => {
    const user = sandbox();
    commit(user, "one");
    user.write("../state/config.yaml", `ci_watch:\n  ${block}:\n    ${entries}\nci_heal: {}\n`);
    return user;
  };

  it("is named by --dry-run", async () => {
    const user = withConfig(`acme: { ${ACME}, states: { succeeded: [live] } }`);
    expect((await user.p9(["watch", "deploy", "--dry-run"])).stdout).toMatch(
      /would watch deploy \S+ .*: Acme Deploys$/m,
    );
    expect(await user.json(["watch", "deploy", "--dry-run"])).toMatchObject({ title: "Acme Deploys" });
  });

  it("is named by doctor: what it is, or file, key and what is wrong", async () => {
    const log = "evidence: { request: { path: /log, format: text } }";
    const user = withConfig(
      `acme: { ${ACME}, states: { succeeded: [live] } }\n    web: { use: vercle }\n    api: { use: kubernetes }\n    old: { ${ACME}, states: { succeeded: [live] }, ${log} }`,
    );
    const { stdout } = await user.p9(["doctor"]);
    expect(stdout).toMatch(/^ok +provider +ci_watch\.providers\.acme: Acme Deploys$/m);
    expect(stdout).toMatch(/^(?:ok|warn) +provider +ci_watch\.providers\.api: Kubernetes/m);
    expect(stdout).toMatch(/^FAIL provider +.*"vercle" is no provider of p9 \(did you mean "vercel"\?\)/m);
    expect(stdout).toMatch(
      /^FAIL provider +Cannot use "ci_watch\.providers\.old\.evidence\.lines" in ".*config\.yaml": /m,
    );
  });
});

describe("p9 watch index-sync", () => {
  it("follows a real index build in PostgreSQL to its end, with progress in status", async () => {
    const cluster = startPostgres();
    onTestFinished(() => cluster.stop());
    const gate = cluster.gatedItems();
    gate.close();
    cluster.session("create index concurrently items_slow on items (slow(id));").end();
    const user = sandbox();
    const watching = user.start(["watch", "index-sync", "postgres:items_slow", "--interval", "1", "--json"], {
      env: cluster.env,
    });
    await eventually("status shows its progress", async () => {
      const { open_waits } = await user.json<{ open_waits: { progress: { percent: number } | null }[] }>(["status"]);
      return (open_waits[0]?.progress?.percent ?? 0) > 0;
    });
    gate.open();
    const { code, stdout } = await watching.ended;
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      outcome: "succeeded",
      reason: expect.stringContaining("is valid"),
    });
  });

  it("sends nothing that a repository names before it is trusted: exit 7; the user's own configuration is", async () => {
    const server = await startVendor({
      routes: [["GET", /^\/s$/, () => ({ body: { state: "ready" } })]],
      allows: ({ authorization }) => authorization === "Bearer search-secret",
      refusal: { status: 401, body: {} },
      notFound: { status: 404, body: {} },
    });
    onTestFinished(() => server.close());
    const user = sandbox();
    const entry = `ci_watch:\n  index_sync:\n    search: { url: "${server.url}/s", state: /state, success: [ready], headers: { authorization: "Bearer {env:SEARCH_TOKEN}" } }\nci_heal: {}\n`;
    user.write(".control/policy.yaml", entry);
    const env = { SEARCH_TOKEN: "search-secret" };
    const refused = await user.p9(["watch", "index-sync", "search"], { env });
    expect(refused).toMatchObject({ code: 7, stderr: expect.stringContaining("p9 trust") });
    expect(server.requests).toEqual([]);
    user.write("../state/config.yaml", entry);
    const { code } = await user.p9(["watch", "index-sync", "search", "--interval", "1"], { env });
    expect(code).toBe(0);
    expect(allOf(user.home)).not.toContain("search-secret");
  });
});
