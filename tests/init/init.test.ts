// needs: python3
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const P9 = join(ROOT, "dist/p9.js");

let root: string;
let project: string;
let home: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "p9 init ")));
  project = join(root, "project");
  home = join(root, "home");
  mkdirSync(home);
  execFileSync("git", ["init", "-q", project]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function init(args: string[] = [], env: Record<string, string> = {}) {
  const result = spawnSync(process.execPath, [P9, "init", ...args], {
    cwd: project,
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOME: home,
      BROOMVA_P9_HOME: join(root, "p9"),
      NO_COLOR: "1",
      GH_TOKEN: "x",
      ...env,
    },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

function put(path: string, text: string): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const PROJECT = "project/.claude/settings.json";
const USER = "home/.claude/settings.json";

describe("p9 init", () => {
  test("sets a project up: hooks and policy, no status line; says so in three lines; twice is once", () => {
    const first = init(["--project"]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout.split("\n")).toEqual([
      `p9 is set up for everybody who works in this repository: ${join(root, PROJECT)}, ${join(project, ".control/policy.yaml")}`,
      expect.stringContaining("brings the session back"),
      expect.stringMatching(/^Next: push something/),
      "",
    ]);
    expect(JSON.parse(read(PROJECT)).statusLine).toBeUndefined();
    const settings = read(PROJECT);
    expect(Object.keys(JSON.parse(settings).hooks)).toHaveLength(8);
    const policy = read("project/.control/policy.yaml");
    expect(policy).toMatch(/^ci_watch:\n/m);
    expect(policy).toMatch(/^ci_heal:\n/m);
    const second = init(["--project"]);
    expect(second.stdout).toBe("Nothing to do: p9 is set up\n");
    expect(read(PROJECT)).toBe(settings);
    expect(read("project/.control/policy.yaml")).toBe(policy);
  });

  test("every command that it writes can be run", () => {
    init(["--user"]);
    const { hooks, statusLine } = JSON.parse(read(USER));
    const commands = Object.values(hooks).flatMap((groups) =>
      (groups as { hooks: { command: string }[] }[]).flatMap((group) => group.hooks.map(({ command }) => command)),
    );
    for (const command of [...commands, statusLine.command]) {
      const ran = spawnSync("sh", ["-c", command], {
        input: "{}",
        encoding: "utf8",
        cwd: project,
        env: { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(root, "p9") },
      });
      expect({ command, status: ran.status, stderr: ran.stderr }).toMatchObject({ status: 0, stderr: "" });
    }
  });

  test("with p9 on PATH a project's hooks name no folder of this machine, and are silent where p9 is not", () => {
    mkdirSync(join(root, "bin"));
    symlinkSync(P9, join(root, "bin/p9"));
    expect(init(["--project"], { PATH: `${join(root, "bin")}:${process.env.PATH}` }).code).toBe(0);
    expect(read(PROJECT)).not.toContain(ROOT);
    const command: string = JSON.parse(read(PROJECT)).hooks.Stop[0].hooks[0].command;
    const at = (PATH: string) =>
      spawnSync("sh", ["-c", command], { input: "{}", encoding: "utf8", env: { PATH, HOME: home } });
    expect(at("/usr/bin:/bin")).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(at(`${join(root, "bin")}:${process.env.PATH}`)).toMatchObject({ status: 0, stderr: "" });
  });

  test("without a scope it writes the user's settings and turns p9 on in the user's own configuration, in a private folder", () => {
    expect(init()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^p9 is set up for you: /) });
    expect(statSync(join(root, "p9")).mode & 0o777).toBe(0o700);
    expect(JSON.parse(read(USER)).hooks.Stop).toHaveLength(1);
    expect(read("p9/config.yaml")).toMatch(/^ci_watch:\n {2}enabled: true/m);
    expect(statSync(join(root, "p9/config.yaml")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(project, ".claude"))).toBe(false);
  });

  test("keeps comments and trailing commas, and says that the client will not read such a file", () => {
    put(USER, '{\n  // mine\n  "model": "opus",\n}\n');
    const { code, stdout } = init(["--user"]);
    expect(code).toBe(0);
    expect(read(USER)).toContain("// mine");
    expect(stdout).toContain(`p9 does not work yet: Claude Code ignores "${join(root, USER)}"`);
    expect(stdout).not.toContain("It watches");
    expect(init(["--user"]).stdout).toContain("p9 does not work yet");
  });

  test("does not claim to watch where gh has no login, and does where its configuration has one", () => {
    const without = init([], { GH_TOKEN: "" });
    expect(without).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("p9 does not work yet: gh is not logged in: gh auth login\n"),
    });
    expect(without.stdout).not.toContain("It watches");
    init(["--remove"]);
    put("home/.config/gh/hosts.yml", "github.com:\n    user: octo\n    oauth_token: x\n");
    expect(init([], { GH_TOKEN: "" }).stdout).toContain("It watches");
  });

  test("says for a user that p9 is not on PATH, and nothing where any p9 is", () => {
    const bare = mkdtempSync(join(root, "path "));
    for (const name of ["git", "sh"]) symlinkSync(join("/usr/bin", name), join(bare, name));
    const link = `p9: p9 is not on PATH: "npm link" in "${ROOT}" puts it there\n`;
    expect(init([], { PATH: bare }).stderr).toBe(link);
    symlinkSync("/bin/true", join(bare, "p9"));
    expect(init([], { PATH: bare }).stderr).toBe("");
  });

  test("--dry-run says what would be done and does nothing", () => {
    const { stdout } = init(["--project", "--dry-run"]);
    expect(stdout).toContain("would have added the Stop hook");
    expect(existsSync(join(project, ".claude"))).toBe(false);
    expect(existsSync(join(project, ".control"))).toBe(false);
  });

  test("--remove gives the settings back and leaves the policy", () => {
    const before =
      '{\n  "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "x" }] }] },\n  "statusLine": { "type": "command", "command": "mine" }\n}\n';
    put(PROJECT, before);
    init(["--project"]);
    expect(read(PROJECT)).not.toBe(before);
    expect(init(["--project", "--remove"]).stdout).toContain("removed the Stop hook");
    expect(read(PROJECT)).toBe(before);
    expect(existsSync(join(project, ".control/policy.yaml"))).toBe(true);
  });

  test.each([
    ["the settings", () => symlinkSync(join(home, "settings.json"), join(project, ".claude/settings.json")), ".claude"],
    ["their folder", () => symlinkSync(home, join(project, ".claude")), "."],
    ["the policy's folder", () => symlinkSync(home, join(project, ".control")), "."],
  ])("a link of the repository that leads out of it is not written through: %s", (_, link, folder) => {
    writeFileSync(join(home, "settings.json"), '{"mine": true}');
    mkdirSync(join(project, folder), { recursive: true });
    link();
    const before = readdirSync(home);
    for (const args of [["--project"], ["--project", "--remove"]]) {
      const { code, stderr } = init(args);
      if (!args.includes("--remove"))
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("a link leads out of") });
    }
    expect(readFileSync(join(home, "settings.json"), "utf8")).toBe('{"mine": true}');
    expect(readdirSync(home)).toEqual(before);
  });

  test("writes through a symbolic link and keeps it, and keeps the file's permissions", () => {
    put("dotfiles/settings.json", "{}\n");
    chmodSync(join(root, "dotfiles/settings.json"), 0o600);
    mkdirSync(join(home, ".claude"));
    symlinkSync("../../dotfiles/settings.json", join(home, ".claude/settings.json"));
    expect(init(["--user"]).code).toBe(0);
    expect(lstatSync(join(home, ".claude/settings.json")).isSymbolicLink()).toBe(true);
    expect(JSON.parse(read("dotfiles/settings.json")).hooks.Stop).toHaveLength(1);
    expect(statSync(join(root, "dotfiles/settings.json")).mode & 0o777).toBe(0o600);
  });

  test("refuses a read-only file in one line, and has then changed nothing else", () => {
    const path = put(PROJECT, "{}\n");
    chmodSync(path, 0o444);
    const { code, stderr } = init(["--project"]);
    expect(code).toBe(1);
    expect(stderr.split("\n")[0]).toBe(`p9: Cannot change "${path}": it is read-only`);
    expect(existsSync(join(project, ".control"))).toBe(false);
  });

  test("refuses a broken file, naming line and column", () => {
    const path = put(PROJECT, '{\n  "a": 1\n  "b": 2\n}\n');
    const { code, stderr } = init(["--project"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot edit "${path}": line 3, column 3 is no JSON: a comma is missing before that`);
    expect(stderr).toContain("mend the file by hand");
    expect(read(PROJECT)).toBe('{\n  "a": 1\n  "b": 2\n}\n');
  });

  test("adds only the block that is missing, at the end and at column 0, and keeps the rest to the byte", () => {
    const before = "# ours\nversion: '1.0'\nci_watch: # watched\n  enabled: false\n";
    put("project/.control/policy.yaml", before);
    init(["--project"]);
    const after = read("project/.control/policy.yaml");
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(/^\nci_heal:\n/);
    expect(after.match(/^ci_watch:/gm)).toHaveLength(1);
  });

  test("leaves a policy that is no YAML alone and says so", () => {
    put("project/.control/policy.yaml", "a: [1\n");
    const { code, stderr } = init(["--project"]);
    expect(code).toBe(0);
    expect(stderr).toContain("is no YAML mapping");
    expect(read("project/.control/policy.yaml")).toBe("a: [1\n");
  });

  test("adds no hooks beside an enabled plugin", () => {
    put(USER, '{"enabledPlugins":{"p9@broomva-p9":true}}');
    const { stderr } = init(["--project"]);
    expect(stderr).toContain('the plugin "p9@broomva-p9" answers the hooks');
    expect(existsSync(join(root, PROJECT))).toBe(false);
  });

  test("offers the shim in a bstack workspace, writes it when asked, and never replaces a stranger's", () => {
    mkdirSync(join(project, "skills"));
    mkdirSync(join(project, ".control"));
    expect(init(["--project"]).stderr).toContain("--shim");
    expect(init(["--project", "--shim"]).code).toBe(0);
    const path = join(project, "skills/p9/scripts/p9.py");
    const ran = spawnSync("python3", [path, "--version"], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: home },
    });
    expect(ran.stdout.trim()).toBe(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version);
    writeFileSync(path, "print('python p9')\n");
    expect(init(["--project", "--shim"]).stderr).toContain("was not replaced");
    expect(readFileSync(path, "utf8")).toBe("print('python p9')\n");
  });

  test("p9 doctor says where the hooks are, that a script is gone, and that the client ignores the file", () => {
    const doctor = () => {
      const env = { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(root, "p9") };
      const { stdout } = spawnSync(process.execPath, [P9, "doctor", "--json"], { cwd: project, encoding: "utf8", env });
      return JSON.parse(stdout).checks.filter(({ name }: { name: string }) => name === "hooks");
    };
    expect(doctor()[0]).toMatchObject({ ok: true, level: "warn", detail: "not in settings" });
    init(["--user"]);
    expect(doctor()[0]).toMatchObject({ ok: true, detail: `in ${join(root, USER)}` });
    const text = read(USER);
    put(USER, `// mine\n${text}`);
    expect(doctor()[0]).toMatchObject({ ok: false, mend: expect.stringContaining("take the comments") });
    put(USER, text.replaceAll(dirname(P9), "/moved/dist"));
    expect(doctor()[0].detail).toContain("/moved/hooks/");
    put(USER, text.replace("{", '{ "model": opus,'));
    expect(doctor()[0]).toMatchObject({
      level: "fail",
      detail: `"${join(root, USER)}" cannot be read: line 1, column 12 is no JSON: a text without double quotes stands there; Claude Code ignores it, hooks and all`,
    });
    put(USER, '{ "model": ');
    expect(doctor()[0]).toMatchObject({ level: "warn", detail: expect.stringContaining("a value is missing there") });
  });

  test("allows five pull requests at once in what it writes", () => {
    init();
    expect(read("p9/config.yaml")).toMatch(/^ {2}# .*\n {2}max_concurrent_prs: 5$/m);
  });

  test("--json is one document", () => {
    const { stdout, stderr } = init(["--project", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ scope: "project", dry_run: false });
    expect(stderr).toBe("");
  });

  test("a project's status line that an earlier version wrote goes, and the one that it hid comes back", () => {
    put(PROJECT, `{ "statusLine": { "type": "command", "command": "/opt/p9 statusline --chain 'team line' # p9" } }\n`);
    expect(init(["--project"]).code).toBe(0);
    expect(JSON.parse(read(PROJECT)).statusLine.command).toBe("team line");
  });

  test("the user's own status line is shown by the client once p9 is gone", () => {
    put(USER, '{ "statusLine": { "type": "command", "command": "echo \'it is\' mine" } }');
    init();
    const { command } = JSON.parse(read(USER)).statusLine;
    const at = (text: string) =>
      spawnSync("sh", ["-c", text], { input: "{}", encoding: "utf8", env: { PATH: "/usr/bin:/bin", HOME: home } })
        .stdout;
    expect(at(command)).toContain("it is mine");
    expect(at(command.replaceAll(dirname(P9), "/gone/dist"))).toBe("it is mine\n");
  });

  test("hooks of a p9 that is gone are silent, and those of a moved one are found by PATH", () => {
    init();
    const command: string = JSON.parse(read(USER)).hooks.Stop[0].hooks[0].command;
    const gone = command.replaceAll(dirname(P9), "/gone/dist");
    const at = (PATH: string) =>
      spawnSync("sh", ["-xc", gone], { input: "{}", encoding: "utf8", env: { PATH, HOME: home } });
    expect(at("/usr/bin:/bin")).toMatchObject({ status: 0, stdout: "" });
    expect(at("/usr/bin:/bin").stderr).not.toContain("+ /");
    mkdirSync(join(root, "bin"));
    symlinkSync(P9, join(root, "bin/p9"));
    expect(at(`${join(root, "bin")}:/usr/bin:/bin`).stderr).toContain(`${dirname(P9)}/../hooks/stop.sh`);
  });

  test("refuses --user with --project", () => {
    expect(init(["--user", "--project"])).toMatchObject({ code: 3, stdout: "" });
  });
});

describe("p9 uninstall", () => {
  const uninstall = (...args: string[]) => {
    const result = spawnSync(process.execPath, [P9, "uninstall", ...args], {
      cwd: project,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(root, "p9"), NO_COLOR: "1" },
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  };

  test("gives every file back to the byte, removes those that p9 made, and keeps the state", () => {
    const mine = `{"model":   "opus", "statusLine": {"type": "command", "command": "x"}}`;
    put(USER, mine);
    init();
    init(["--project"]);
    const { code, stdout } = uninstall();
    expect(code).toBe(0);
    expect(read(USER)).toBe(mine);
    expect(existsSync(join(root, PROJECT))).toBe(false);
    expect(existsSync(join(project, ".control/policy.yaml"))).toBe(false);
    expect(existsSync(join(root, "p9/config.yaml"))).toBe(false);
    expect(existsSync(join(root, "p9"))).toBe(true);
    expect(stdout).toContain("p9 uninstall --purge");
    expect(uninstall().stdout).toContain("p9 is in no settings file");
  });

  test("gives back files of other repositories, wherever it is called", () => {
    init(["--project"]);
    const elsewhere = spawnSync(process.execPath, [P9, "uninstall", "--json"], {
      cwd: home,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(root, "p9") },
    });
    expect(JSON.parse(elsewhere.stdout).files.map(({ path }: { path: string }) => path)).toContain(join(root, PROJECT));
    expect(existsSync(join(root, PROJECT))).toBe(false);
  });

  test("takes only its own out of files that somebody has changed since, and leaves a changed policy", () => {
    init();
    init(["--project"]);
    put(USER, read(USER).replace("{", '{\n  "model": "opus",'));
    put("project/.control/policy.yaml", `${read("project/.control/policy.yaml")}# ours\n`);
    expect(uninstall().code).toBe(0);
    expect(JSON.parse(read(USER))).toEqual({ model: "opus" });
    expect(read("project/.control/policy.yaml")).toContain("# ours");
  });

  test("--dry-run changes nothing, --purge removes the state directory", () => {
    init();
    const before = read(USER);
    expect(uninstall("--dry-run", "--purge").stdout).toContain("would have");
    expect(read(USER)).toBe(before);
    expect(existsSync(join(root, "p9"))).toBe(true);
    // The folder of plugins and its lock are p9's too.
    put("p9/plugins/package.json", "{}");
    put("p9/plugins.lock", "");
    expect(uninstall("--purge").code).toBe(0);
    expect(existsSync(join(root, "p9"))).toBe(false);
  });

  test("--purge removes what a linked state directory leads to, and not the link alone", () => {
    mkdirSync(join(root, "disk"));
    symlinkSync(join(root, "disk"), join(root, "p9"));
    init();
    expect(readdirSync(join(root, "disk"))).toContain("written.json");
    expect(uninstall("--purge").code).toBe(0);
    expect(readdirSync(root)).not.toContain("disk");
    expect(readdirSync(root)).not.toContain("p9");
  });

  test("--purge removes no folder that holds more than p9's own, whatever BROOMVA_P9_HOME names", () => {
    init();
    put("p9/thesis.txt", "years");
    const before = read(USER);
    expect(uninstall("--purge")).toMatchObject({ code: 1, stderr: expect.stringContaining('it holds "thesis.txt"') });
    expect(read("p9/thesis.txt")).toBe("years");
    expect(read(USER)).toBe(before);
    rmSync(join(root, "p9"), { recursive: true });
    put("p9/logs/mine.txt", "years");
    expect(uninstall("--purge")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nothing says that it is p9's"),
    });
    expect(read("p9/logs/mine.txt")).toBe("years");
  });

  test("a file that cannot be changed is named and keeps nothing else from being given back", () => {
    init();
    init(["--project"]);
    put(PROJECT, '{ "broken": ');
    expect(uninstall("--purge")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Cannot edit"),
      stdout: expect.stringContaining(`p9 may still be in ${join(root, PROJECT)}`),
    });
    expect(existsSync(join(root, USER))).toBe(false);
    expect(uninstall().stdout).not.toContain("p9 is in no settings file");
    expect(existsSync(join(root, "p9"))).toBe(true);
    put(PROJECT, "{}");
    expect(uninstall("--purge").code).toBe(0);
    expect(existsSync(join(root, "p9"))).toBe(false);
  });

  test("writes through no link that a repository has put in the place of its file since", () => {
    init(["--project"]);
    const settings = read(PROJECT);
    rmSync(join(project, ".claude"), { recursive: true });
    mkdirSync(join(home, "own"));
    put("home/own/settings.json", settings);
    symlinkSync(join(home, "own"), join(project, ".claude"));
    expect(uninstall()).toMatchObject({ code: 1, stderr: expect.stringContaining("a link leads out of") });
    expect(read("home/own/settings.json")).toBe(settings);
  });
});
