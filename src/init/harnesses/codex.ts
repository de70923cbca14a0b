import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { parseSettings } from "../../config/json-problem.ts";
import { codex as adapter } from "../../harness/clients/codex.ts";
import { readText } from "../files.ts";
import { isOurs } from "../wiring.ts";
import { type ClientSetup, type Env, grouped, type Hindrance, hookRows, hooksFile, inHome } from "./client.ts";

/** Codex clamps it to that, with a warning at every start. */
const SECONDS_AT_END = 3;

const ROWS = hookRows(adapter).map((row) => (row.is === "end" ? { ...row, seconds: SECONDS_AT_END } : row));

/** Codex CLI (facts/harnesses.md). Hooks that nobody has reviewed in its `/hooks` are skipped, those of a user too. */
export const codex: ClientSetup = {
  name: "codex",
  title: "Codex",
  programs: ["codex"],
  folders: (env) => [codexHome(env)],
  files: ({ env, project }) => [
    hooksFile(join(project === null ? codexHome(env) : join(project, ".codex"), "hooks.json"), ROWS, {
      entry: (row, finder) => grouped(row, finder, "^Bash$"),
    }),
  ],
  next: "Codex skips new hooks until somebody has reviewed them: open /hooks in it once and press t",
  hindrance: ({ env, project }) => {
    const [file] = codex.files({ env, project });
    return file === undefined ? null : unreviewed(file.path, readText(join(codexHome(env), "config.toml")) ?? "");
  },
  beside(env) {
    const config = readText(join(codexHome(env), "config.toml")) ?? "";
    const [, id, keys = ""] = /^[ \t]*\[plugins\."(p9@[\w.-]+)"\]([^[]*)/m.exec(config) ?? [];
    return id === undefined || /^[ \t]*enabled[ \t]*=[ \t]*false/m.test(keys)
      ? null
      : `the plugin ${id}, which is silent where hooks of its own file run`;
  },
};

function codexHome(env: Env): string {
  return env.CODEX_HOME || inHome(env, ".codex");
}

/** The hooks that config.toml has no `[hooks.state."<file>:<event>:<group>:<handler>"]` for. What was reviewed there is not compared. */
function unreviewed(path: string, config: string): Hindrance | null {
  const reviewed = new Set([...config.matchAll(/"([^"\n]+:\d+:\d+)"/g)].map(([, key = ""]) => plain(key)));
  const missing = places(readText(path) ?? "").filter((place) => !reviewed.has(plain(`${path}:${place}`)));
  if (missing.length === 0) return null;
  const events = [...new Set(missing.map((place) => place.split(":")[0]))].join(", ");
  return {
    why: `Codex skips hooks that nobody has reviewed: ${events}`,
    mend: "open /hooks in Codex once and press t",
  };
}

/** `<event>:<group>:<handler>` of each of p9's hooks. */
function places(text: string): readonly string[] {
  const { hooks } = text.trim() === "" ? {} : parseSettings(text);
  return Object.entries(isObject(hooks) ? hooks : {}).flatMap(([event, groups]) =>
    list(groups).flatMap((group, at) =>
      list(group.hooks).flatMap(({ command }, index) => (isOurs(command) ? [`${event}:${at}:${index}`] : [])),
    ),
  );
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((one) => (isObject(one) ? one : {})) : [];
}

/** A key as it compares: the client writes its events in another spelling there. */
function plain(key: string): string {
  const [, file = "", event = "", rest = ""] = /^(.*):([^:]+)(:\d+:\d+)$/.exec(key) ?? [];
  return `${file}:${event.replaceAll("_", "").toLowerCase()}${rest}`;
}
