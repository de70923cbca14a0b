// needs: time
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

const SECRET = "k7Rb2XqZ9mTf4WcY";

/** Files of the home that hold the secret. */
function filesWithSecret({ home }: Sandbox): string[] {
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  return files.filter((file) => {
    const path = join(home, file);
    return statSync(path).isFile() && readFileSync(path, "latin1").includes(SECRET);
  });
}

/** What reads state, and what of it holds the secret. */
async function commandsWithSecret(box: Sandbox): Promise<string[]> {
  const commands = [
    ["status", "--json"],
    ["status", "--all"],
    ["events", "tail"],
    ["report", "--json"],
    ["report"],
    ["stats", "--json"],
    ["stats", "--html", "stats.html"],
    ["doctor", "--json"],
    ["wait-queue", "list", "--json"],
    ["statusline"],
  ];
  const found: string[] = [];
  for (const command of commands) {
    const { stdout, stderr } = await box.p9(command);
    if ((stdout + stderr).includes(SECRET)) found.push(command.join(" "));
  }
  if (readFileSync(join(box.work, "stats.html"), "utf8").includes(SECRET)) found.push("stats.html");
  return found;
}

/** A server that is ready once it was asked twice, and says a secret. */
async function serverOf(asked: IncomingMessage[]): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request);
    response.statusCode = request.url?.startsWith("/broken") ? 500 : 200;
    response.end(JSON.stringify({ status: asked.length > 1 ? `done password=${SECRET}` : "pending" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a secret on a build's command line reaches the build, and no output about it and no file but the one that it is run from", async () => {
  const box = sandbox();
  const build = ["sh", "-c", 'printf %s "$2" > given; echo "got $1 $2"; exit 1', "deploy", "--password", SECRET];
  const outputs = [
    await box.p9(["watch", "build", "--", ...build]),
    await box.p9(["events", "tail"]),
    await box.p9(["watch", "build", "--dry-run", "--json", "--", ...build]),
  ];
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(SECRET);
  expect(outputs[1]?.stdout).toContain('"--password","***"');
  expect(existsSync(join(box.work, "given")) && readFileSync(join(box.work, "given"), "utf8")).toBe(SECRET);
  expect(await commandsWithSecret(box)).toEqual([]);
  const [kept, ...more] = filesWithSecret(box);
  expect(kept).toMatch(/^asked\/w[0-9a-f]{10}\.json$/);
  expect(more).toEqual([]);
  expect(statSync(join(box.home, kept ?? "")).mode & 0o077).toBe(0);
  const log = readdirSync(join(box.home, "logs")).find((name) => name.startsWith("build-"));
  expect(readFileSync(join(box.home, "logs", log ?? ""), "utf8")).toBe("got --password ***\n");
});

test("a log without secrets is left as the command wrote it", async () => {
  const box = sandbox();
  await box.p9([
    "watch",
    "build",
    "--",
    "sh",
    "-c",
    'printf "\\033[31mred\\033[0m\\r\\nthe token is expired\\n"; exit 1',
  ]);
  const log = readdirSync(join(box.home, "logs")).find((name) => name.startsWith("build-"));
  expect(readFileSync(join(box.home, "logs", log ?? ""), "utf8")).toBe(
    "\u001b[31mred\u001b[0m\r\nthe token is expired\n",
  );
});

test("a header and an address with a secret are sent as they are, also by a new watcher, and named without it", async () => {
  const asked: IncomingMessage[] = [];
  const box = sandbox();
  const url = `${await serverOf(asked)}/x?access_token=${SECRET}`;
  const started = await box.p9(
    ["watch", "http", url, "--send", `x-api-key: ${SECRET}`, "--pointer", "/status", "--consecutive", "1"].concat(
      "--failure",
      "never",
      "--success",
      `done password=${SECRET}`,
      "--interval",
      "0.3",
      "--background",
      "--json",
    ),
  );
  expect(started.code).toBe(0);
  const ended = await box.p9(["attach", JSON.parse(started.stdout).wait_id]);
  expect(ended.code).toBe(0);
  expect(asked.length).toBeGreaterThan(1);
  for (const { url: path, headers } of asked)
    expect([path, headers["x-api-key"]]).toEqual([`/x?access_token=${SECRET}`, SECRET]);
  for (const { stdout, stderr } of [started, ended]) expect(stdout + stderr).not.toContain(SECRET);
  expect(await commandsWithSecret(box)).toEqual([]);
  expect(filesWithSecret(box).filter((file) => !file.startsWith("asked/"))).toEqual([]);

  const again = await box.p9(
    ["watch", "http", url, "--send", `x-api-key: ${SECRET}`, "--timeout", "1", "--interval", "0.3"].concat(
      "--pointer",
      "/other",
      "--force",
    ),
  );
  expect(again.stdout + again.stderr).not.toContain(SECRET);
});

test("what gh, a server and a remote's address say of secrets is in no message", async () => {
  const box = sandbox();
  const bin = join(box.dir, "fake");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "gh"),
    `#!/bin/sh\necho "HTTP 500: Post https://x-access-token:${SECRET}@api.github.com/ token=${SECRET}" >&2\nexit 1\n`,
  );
  chmodSync(join(bin, "gh"), 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}` };
  for (const command of [
    ["why", "12", "--repo", "a/b"],
    ["merge-status", "12", "--repo", "a/b"],
    ["heal", "12", "--repo", "a/b"],
  ]) {
    const { stdout, stderr } = await box.p9(command, { env });
    expect(stdout + stderr, command.join(" ")).not.toContain(SECRET);
    expect(stdout + stderr, command.join(" ")).toMatch(/HTTP 500/);
  }
  for (const command of [
    ["watch", `kind?token=${SECRET}`],
    ["watch", "http", `ftp://me:${SECRET}@x/`],
    ["attach", `password=${SECRET}`],
  ]) {
    const { code, stderr } = await box.p9(command);
    expect([code, stderr.includes(SECRET)], command.join(" ")).toEqual([3, false]);
  }
});
