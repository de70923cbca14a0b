import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CLIENTS, user } from "../../../init/clients.ts";

interface Row {
  readonly name: string;
  readonly level: string;
  readonly detail: string;
  readonly mend?: string;
}

/** A user with these folders, and what doctor says of a client. */
function withFolders(...folders: readonly string[]) {
  const one = user();
  for (const folder of folders) mkdirSync(join(one.dir, folder), { recursive: true });
  const row = async (name: string): Promise<Row | undefined> => {
    const { checks } = await one.json<{ readonly checks: readonly Row[] }>("doctor");
    return checks.find((check) => check.name === name);
  };
  return { ...one, row };
}

test("doctor says of each client that is found whether p9's hooks are in it, and nothing of others", async () => {
  const { json, row, run } = withFolders(".gemini", ".cline");
  expect(await row("gemini")).toMatchObject({
    level: "warn",
    detail: "Gemini CLI is here, without hooks of p9",
    mend: "p9 init --harness gemini",
  });
  await run("init", "--harness", "gemini,cline");
  const { checks } = await json<{ readonly checks: readonly Row[] }>("doctor");
  const clients = checks.filter(({ name }) => CLIENTS.some((client) => client === name));
  expect(clients.map(({ name, level }) => ({ name, level }))).toEqual([
    { name: "gemini", level: "ok" },
    { name: "cline", level: "ok" },
  ]);
  expect(clients[0]?.detail).toMatch(/^in \/.*\.gemini\/settings\.json$/);
});

test("doctor names what is missing of a client's files, and a script that is gone", async () => {
  const { dir, put, read, row, run } = withFolders();
  await run("init", "--harness", "cline,codex");
  put(".cline/hooks/PostToolUse", "#!/bin/sh\n", 0o755);
  expect(await row("cline")).toMatchObject({ level: "warn", detail: expect.stringContaining("/PostToolUse") });
  put(".codex/hooks.json", read(".codex/hooks.json").replace(/p9=\/\S+\/dist;/, "p9=/moved/dist;"));
  expect(await row("codex")).toMatchObject({
    level: "fail",
    detail: `"${join(dir, ".codex/hooks.json")}" names "/moved/hooks/harness.sh", which is not there`,
    mend: "p9 init --harness codex",
  });
});

test("doctor says that Codex skips hooks that nobody has reviewed, and of which events, until all are", async () => {
  const { dir, put, row, run } = withFolders();
  put(".codex/hooks.json", '{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }] } }\n');
  await run("init", "--harness", "codex");
  const file = join(dir, ".codex/hooks.json");
  const reviewed = (...keys: readonly string[]) =>
    put(
      ".codex/config.toml",
      keys.map((key) => `[hooks.state."${file}:${key}"]\ntrusted_hash = "sha256:00"\n`).join(""),
    );
  expect(await row("codex")).toMatchObject({ level: "warn", mend: "open /hooks in Codex once and press t" });
  const most = ["session_start", "session_end", "user_prompt_submit", "pre_tool_use", "post_tool_use"];
  // The user's own hook of the event was reviewed, and stands before p9's.
  reviewed(...most.map((event) => `${event}:0:0`), "stop:0:0");
  expect((await row("codex"))?.detail).toMatch(/nobody has reviewed: Stop$/);
  reviewed(...most.map((event) => `${event}:0:0`), "stop:0:0", "stop:1:0");
  expect(await row("codex")).toMatchObject({ level: "ok", detail: `in ${file}` });
});

test("doctor names p9's plugin in Codex, with hooks of its own or without", async () => {
  const { put, row, run } = withFolders(".codex");
  put(".codex/config.toml", '[plugins."p9@broomva-p9"]\nenabled = true\n');
  expect(await row("codex")).toMatchObject({
    level: "ok",
    detail: expect.stringMatching(/^by the plugin p9@broomva-p9/),
  });
  put(".codex/config.toml", '[plugins."p9@broomva-p9"]\nenabled = false\n');
  expect((await row("codex"))?.detail).toMatch(/without hooks of p9/);
  put(".codex/config.toml", '[plugins."p9@broomva-p9"]\n');
  await run("init", "--harness", "codex");
  expect((await row("codex"))?.detail).toContain("; also the plugin p9@broomva-p9");
});

test("doctor says where a client does not trust the folder, as far as its files tell", async () => {
  const { dir, put, row, run, work } = withFolders();
  await run("init", "--harness", "gemini,copilot");
  expect(await row("gemini")).toMatchObject({ level: "ok" });
  put(".gemini/trustedFolders.json", JSON.stringify({ [dir]: "DO_NOT_TRUST" }));
  expect(await row("gemini")).toMatchObject({ level: "warn", detail: expect.stringContaining("not to trust") });
  put(".gemini/trustedFolders.json", JSON.stringify({ [dir]: "DO_NOT_TRUST", [work]: "TRUST_FOLDER" }));
  expect(await row("gemini")).toMatchObject({ level: "ok" });
  expect(await row("copilot")).toMatchObject({ level: "ok" });
  await run("init", "--project", "--harness", "copilot");
  expect(await row("copilot")).toMatchObject({
    level: "warn",
    detail: expect.stringContaining("trusted folders only"),
  });
  put(".copilot/config.json", JSON.stringify({ trusted_folders: [dirname(work)] }));
  expect(await row("copilot")).toMatchObject({ level: "ok" });
});

test("a client's file that cannot be read is a warning", async () => {
  const { dir, row, run } = withFolders();
  await run("init", "--harness", "codex");
  writeFileSync(join(dir, ".codex/hooks.json"), '{ "hooks": "# p9"');
  expect(await row("codex")).toMatchObject({ level: "warn" });
});
