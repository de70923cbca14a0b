import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { changedFiles } from "../../../src/heal/repair/scope.ts";
import { run } from "../../../src/process/exec.ts";
import { lab, missing } from "./lab.ts";

const REPAIR = { installs: false, network: false };
const SETUP = { installs: true, network: true };

/** The first of these folders that this user may write to. */
function writable(folders: readonly string[]): string | undefined {
  return folders.find((folder) => {
    try {
      accessSync(folder, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A server outside, the connections to it, and a line of sh that makes one. */
async function outsideServer() {
  const server = createServer((socket) => socket.end());
  let connections = 0;
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const connect = `node -e 'require("net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))'`;
  return { connect, connections: () => connections };
}

describe.each(["bubblewrap", "namespaces"] as const)("a command confined by %s", async (name) => {
  const it = test.skipIf((await missing(name)) !== null);

  it("leaves no mark outside its worktree, wherever it tries", async () => {
    const { ground, outside, dir, home, checkout, worktree } = await lab(name);
    const before = outside();
    const marks = [
      ...[`${home}/mark`, "$HOME/mark", `${home}/.ssh/authorized_keys`, `${home}/tools/bin/greet`, `${dir}/mark`],
      ...[`${checkout}/a.txt`, `${checkout}/mark`, `${checkout}/.git/hooks/pre-commit`, `${checkout}/.git/config`],
      ...["node_modules/fixer/index.txt", "node_modules/mark", "node_modules/.bin/fixer", "node_modules/.cache/mark"],
      ...[`${home}/.config/broomva/p9/trust.json`, "/tmp/p9-mark", "/etc/p9-mark", "/usr/p9-mark", "/var/tmp/p9-mark"],
    ];
    const tries = marks.map((path) => `mkdir -p "$(dirname "${path}")"; echo mark > "${path}"`);
    const undo =
      "mount -o remount,rw /; umount -a; rm -rf .git; mv .git other; ln -s x .git; unshare -Urm mount -o remount,rw /";
    await ground.run([...tries, undo, ...tries, "true"].join("\n"), REPAIR);
    expect(outside()).toBe(before);
    for (const path of ["/tmp/p9-mark", "/etc/p9-mark", "/usr/p9-mark", "/var/tmp/p9-mark"])
      expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(worktree, ".git"), "utf8")).toContain("gitdir:");
    expect(await changedFiles(ground.worktree, { exec: run, env: process.env })).toEqual([]);
  });

  it("leaves no mark through links that an earlier command of the heal, or an earlier heal, put where folders are mounted", async () => {
    const { ground, outside, home } = await lab(name, { "packages/a/package.json": "{}\n" });
    mkdirSync(join(home, ".local/bin"), { recursive: true });
    mkdirSync(join(home, ".cache/pre-commit"), { recursive: true });
    const before = outside();
    const links = ["~/.local", "~/.cache/pre-commit", "~/tools", "~/code"].map(
      (path) =>
        `rm -rf ${path}; mv ${path} ${path}-2; for root in "" /oldroot; do ln -s $root${home}/mark ${path}; done`,
    );
    await ground.run(links.join("\n"), REPAIR);
    expect((await ground.run("greet", REPAIR)).tail).toBe("greetings");
    expect(outside()).toBe(before);
  });

  it("is not followed by another where it replaced a folder that things are mounted in", async () => {
    const { ground, outside, checkout } = await lab(name, { "packages/a/package.json": "{}\n" });
    mkdirSync(join(checkout, "packages/a/node_modules"));
    const before = outside();
    const again = await ground.bringDependencies();
    expect((await again.run(`mv packages other; ln -s ${checkout} packages`, REPAIR)).code).toBe(0);
    await expect(again.run("true", REPAIR)).rejects.toThrow("a command replaced");
    expect(outside()).toBe(before);
  });

  it("reads no login of the user's, nothing of the checkout, and no socket's folder", async () => {
    const { ground, home, checkout } = await lab(name);
    writeFileSync(join(checkout, ".env"), "KEY=1\n");
    const module = join(checkout, ".git/modules/lib/a");
    mkdirSync(module, { recursive: true });
    writeFileSync(join(module, "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(
      join(module, "config"),
      '[remote "origin"]\n\turl = https://u:hunter22secret@git.example.test/a\n\tfetch = f\n',
    );
    const looked = [
      "cat ~/.ssh/id_rsa",
      `cat ${home}/.ssh/id_rsa`,
      "cat ~/.npmrc",
      `ls ${checkout}`,
      "ls -A /run /tmp",
      "cat ~/.local/share/uv/credentials/*",
      "cd $(git rev-parse --git-common-dir)/modules/lib/a; cat config; grep -q hunter22 config && echo private key",
    ];
    const { tail } = await ground.run(`${looked.join("; ")}; find ~/.config -name "*.json"`, REPAIR);
    expect(tail).not.toMatch(/private key|npm_0123|\.env|a\.txt|trust\.json|hunter22/);
    expect(tail).toContain("fetch = f");
    expect(tail).toContain("registry=https://npm.example.test/");
  });

  it("sees nothing of what lies beside the system's folders: other disks, homes and checkouts", async (context) => {
    const place = writable(["/srv", "/mnt", "/"]) ?? context.skip("no such folder can be written here");
    const other = mkdtempSync(join(place, "p9-other-"));
    onTestFinished(() => rmSync(other, { recursive: true, force: true }));
    writeFileSync(join(other, "secret.txt"), "a private key\n");
    const { ground } = await lab(name);
    const { code, tail } = await ground.run(
      `cat ${other}/secret.txt; echo mark > ${other}/mark; echo mark > ${place}/mark; true`,
      REPAIR,
    );
    expect([code, tail]).toEqual([0, expect.not.stringContaining("private key")]);
    // A folder in memory could be filled.
    expect(tail).toContain("Read-only file system");
    expect(existsSync(join(other, "mark"))).toBe(false);
  });

  it("sees of a project only the folder of programs that PATH names", async () => {
    const { next, env, home } = await lab(name);
    const project = join(home, "code/other");
    for (const folder of [".git", "bin", "lib"]) mkdirSync(join(project, folder), { recursive: true });
    writeFileSync(join(project, "bin/other"), "#!/bin/sh\necho other runs\n", { mode: 0o755 });
    writeFileSync(join(project, ".env"), "a private key\n");
    env.PATH = `${join(project, "bin")}:${env.PATH}`;
    expect((await (await next()).run(`cat ${project}/.env; other`, REPAIR)).tail).toMatch(/^other runs/);
  });

  it("has what variables name for a toolchain wherever it lies, and nothing beside it", async () => {
    const { next, env, home } = await lab(name);
    const put = (path: string, text: string) => {
      mkdirSync(join(home, path, ".."), { recursive: true });
      writeFileSync(join(home, path), text);
    };
    put("work/go/pkg/mod/a", "a module\n");
    put("work/go/src/b", "a private key\n");
    put("work/corp.pem", "a certificate\n");
    Object.assign(env, { GOPATH: join(home, "work/go"), NODE_EXTRA_CA_CERTS: join(home, "work/corp.pem") });
    const look = 'cat "$NODE_EXTRA_CA_CERTS" "$GOPATH/pkg/mod/a" "$GOPATH/src/b"';
    expect((await (await next()).run(look, REPAIR)).tail).toMatch(/^a certificate\na module\n\ncat: .*src\/b/);
  });

  it("is shown no keys through a link among what is installed, or through git's list of shared objects", async () => {
    const { ground, checkout, home } = await lab(name);
    symlinkSync(join(home, ".ssh"), join(checkout, "node_modules/keys"));
    symlinkSync(join(home, ".npmrc/none"), join(checkout, "node_modules/.bin/none"));
    symlinkSync(join(home, ".ssh/id_rsa"), join(checkout, "node_modules/.bin/key"));
    mkdirSync(join(checkout, ".git/objects/info"), { recursive: true });
    writeFileSync(join(checkout, ".git/objects/info/alternates"), `${home}/.ssh\n`);
    const again = await ground.bringDependencies();
    const { code, tail } = await again.run(
      `cat node_modules/keys/id_rsa node_modules/.bin/key ${home}/.ssh/id_rsa; node_modules/.bin/fixer`,
      REPAIR,
    );
    expect([code, tail]).toEqual([0, expect.not.stringContaining("private key")]);
  });

  it("talks to no program of the machine by its socket, wherever it lies", async (context) => {
    const place = writable(["/var/lib", "/opt"]) ?? context.skip("no such folder can be written here");
    const folder = mkdtempSync(join(place, "p9-socket-"));
    let connections = 0;
    const server = createServer((socket) => socket.end(String(++connections)));
    await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
    onTestFinished(() => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const { ground } = await lab(name);
    const script = `const { createServer, connect } = require("net");
      const to = (path) => new Promise((is) => connect(path).on("connect", () => is("open")).on("error", () => is("shut")));
      const own = createServer((c) => c.end()).listen("/tmp/own", async () => { console.log(await to("${folder}/s"), await to("/tmp/own")); process.exit(); });`;
    expect((await ground.run(`node -e '${script}'`, { ...REPAIR, network: true })).tail).toBe("shut open");
    expect(connections).toBe(0);
  });

  it("leaves nothing in the caches that a later heal would run", async () => {
    const { ground, next } = await lab(name);
    const places = [
      "~/.cache/cargo",
      "~/.cache/npm/_npx/1",
      "~/.cache/gradle/init.d",
      "~/.cache/pypoetry/bin",
      "~/.cache",
    ];
    await ground.run(`mkdir -p ${places.slice(0, 2).join(" ")}`, SETUP);
    const plant = places.map((path) => `mkdir -p ${path}; echo evil > ${path}/evil`).join("\n");
    expect((await ground.run(`${plant}; cat ~/.cache/evil`, REPAIR)).tail).toContain("evil");
    expect((await ground.run("find ~/.cache -name evil", SETUP)).tail).toBe("");
    const later = await next();
    expect((await later.run("find ~ -name evil", SETUP)).tail).toBe("");
    expect((await later.run("find ~ -name evil", REPAIR)).tail).toBe("");
  });

  it("has what a set-up brought, in its own heal and in the next one's", async () => {
    const { ground, next } = await lab(name);
    const bring =
      'mkdir -p ~/.cache/pypoetry ~/.cache/gradle "$GOMODCACHE"; echo env > ~/.cache/pypoetry/env; echo jar > ~/.cache/gradle/jar; echo mod > "$GOMODCACHE/mod"';
    const use =
      'cat ~/.cache/pypoetry/env ~/.cache/gradle/jar "$GOMODCACHE/mod" && echo lock > "$GRADLE_USER_HOME/jar" && echo own > ~/.cache/own';
    expect((await ground.run(bring, SETUP)).code).toBe(0);
    expect((await ground.run(use, REPAIR)).tail).toBe("env\njar\nmod");
    const later = await next();
    expect((await later.run("cat ~/.cache/pypoetry/env ~/.cache/gradle/jar", SETUP)).tail).toBe("env\njar");
    expect((await later.run(use, REPAIR)).tail).toBe("env\njar\nmod");
  });

  it("is shown nothing of the user's through a link that a set-up put among the caches", async () => {
    const { ground, home } = await lab(name);
    await ground.run(
      `ln -s ${home}/.ssh ~/.cache/cargo; ln -s ${home}/.ssh ~/.cache/gradle; ln -s / ~/.cache/other`,
      SETUP,
    );
    const { tail } = await ground.run("cat ~/.cache/*/id_rsa ~/.cache/*/*/id_rsa", REPAIR);
    expect(tail).not.toContain("private key");
  });

  it("reaches no server unless it may", async () => {
    const { ground } = await lab(name);
    const { connect, connections } = await outsideServer();
    expect((await ground.run(connect, REPAIR)).code).toBe(1);
    expect(connections()).toBe(0);
    expect((await ground.run(connect, { ...REPAIR, network: true })).code).toBe(0);
    expect((await ground.run(connect, SETUP)).code).toBe(0);
    expect(connections()).toBe(2);
  });

  it("has a loopback device of its own, where a server of its own answers", async () => {
    const { ground } = await lab(name);
    const own =
      'const s = require("net").createServer((c) => c.end()).listen(0, "127.0.0.1", () => require("net").connect(s.address().port, "127.0.0.1").on("connect", () => process.exit(0)))';
    expect((await ground.run(`node -e '${own}'`, REPAIR)).code).toBe(0);
  });

  it("leaves nothing running, and is over when it ends", async () => {
    const { ground, worktree } = await lab(name);
    const started = performance.now();
    const beat = "(setsid sh -c 'while :; do date +%s%N > beat; sleep 0.05; done' &) ";
    expect((await ground.run(`${beat}; until [ -s beat ]; do sleep 0.05; done; exit 3`, REPAIR)).code).toBe(3);
    expect(performance.now() - started).toBeLessThan(20_000);
    const last = readFileSync(join(worktree, "beat"), "utf8");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readFileSync(join(worktree, "beat"), "utf8")).toBe(last);
    rmSync(join(worktree, "beat"));
  });

  it("repairs: with what is installed, with programs from the user's home, with folders of its own to write", async () => {
    const { ground, worktree } = await lab(name);
    const lines = [
      'test "$(cat node_modules/fixer/index.txt)" = installed && node_modules/.bin/fixer && greet',
      'echo t > "$TMPDIR/t" && echo t > /tmp/u && echo h > ~/h && echo c > ~/.cache/c && echo m > node_modules/.cache/m',
      "echo n > /dev/null && git status --porcelain && id -u",
    ];
    const { tail, code } = await ground.run(lines.join(" && "), REPAIR);
    expect([code, tail]).toEqual([0, expect.stringContaining("greetings")]);
    expect(tail).toContain(` M a.txt`);
    expect(tail).toContain(`\n${process.getuid?.()}`);
    expect(readFileSync(join(worktree, "a.txt"), "utf8")).toBe("fixed\n");
    expect(await changedFiles(ground.worktree, { exec: run, env: process.env })).toEqual(["a.txt"]);
    expect((await ground.run("cat ~/.cache/c && exit 5", REPAIR)).code).toBe(5);
  });

  it("may start so many processes and no more, and cannot raise that", async () => {
    const { ground } = await lab(name);
    const { tail } = await ground.run("ulimit -p 90000 || ulimit -u 90000; grep processes /proc/self/limits", REPAIR);
    expect(tail).toMatch(/^Max processes +8192 +8192/m);
  });

  it("is ended by an interruption", async () => {
    const { ground, worktree, interrupt } = await lab(name);
    const running = ground.run("echo > going; sleep 60", REPAIR);
    while (!existsSync(join(worktree, "going"))) await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt();
    expect((await running).ok).toBe(false);
  });
});

describe("a command where nothing confines", () => {
  test("has copies of what is installed: what it writes there is not the user's", async () => {
    const { ground, outside, worktree } = await lab("open");
    const before = outside();
    const tries = ["node_modules/fixer/index.txt", "node_modules/mark", "node_modules/.bin/fixer"];
    await ground.run(tries.map((path) => `echo mark > ${path}`).join("\n"), REPAIR);
    expect(readFileSync(join(worktree, "node_modules/mark"), "utf8")).toBe("mark\n");
    expect(outside()).toBe(before);
  });

  test("repairs with what is installed, and the copies are no part of the repair", async () => {
    const { ground } = await lab("open", { ".gitignore": "dist\n" });
    expect((await ground.run("node_modules/.bin/fixer && greet", REPAIR)).code).toBe(0);
    expect(await changedFiles(ground.worktree, { exec: run, env: process.env })).toEqual(["a.txt"]);
  });
});

describe.each(["bubblewrap", "namespaces", "open"] as const)("a command by its name (%s)", async (name) => {
  const it = test.skipIf(name !== "open" && (await missing(name)) !== null);

  it("is the head's where the checkout has another of its own, and the installed one where no commit holds it", async () => {
    const { next, checkout, env, worktree } = await lab(name, {
      "bin/fixer": "#!/bin/sh\necho by the head > a.txt\n",
      ".gitignore": ".venv\n",
    });
    const put = (path: string, text: string) => {
      mkdirSync(join(checkout, path, ".."), { recursive: true });
      writeFileSync(join(checkout, path), text, { mode: 0o755 });
    };
    put("bin/fixer", "#!/bin/sh\necho by the checkout > a.txt\n");
    put("bin/sh", "#!/bin/bash\necho by the checkout > a.txt\n");
    put(".venv/bin/tool", "#!/bin/sh\necho installed\n");
    put(".venv/lib/x", "x\n");
    chmodSync(join(worktree, "bin/fixer"), 0o755);
    env.PATH = `${checkout}/bin:${checkout}/.venv/bin:${env.PATH}`;
    expect((await (await next()).run("fixer; sh -c 'tool'", REPAIR)).tail).toBe("installed");
    expect(readFileSync(join(worktree, "a.txt"), "utf8")).toBe("by the head\n");
  });
});

test("a set-up is told to run no scripts of packages, and its own command line may say otherwise", async () => {
  const { ground } = await lab("open");
  const { tail } = await ground.run("env", SETUP);
  expect(tail).toContain("npm_config_ignore_scripts=true");
  expect(tail).toContain("YARN_ENABLE_SCRIPTS=false");
  expect((await ground.run("env", REPAIR)).tail).not.toContain("npm_config_ignore_scripts");
  const own = await ground.run("npm_config_ignore_scripts=false sh -c 'echo $npm_config_ignore_scripts'", SETUP);
  expect(own.tail).toBe("false");
});
