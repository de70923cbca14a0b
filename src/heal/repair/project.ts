import { existsSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import type { FailureType } from "../classify/rule.ts";
import { MARKERS } from "./project-markers.ts";

/** A command that the project itself names for a repair. */
export interface ProjectCommand {
  /** What trust in it is kept under. */
  readonly subject: string;
  /** For `sh -c`, in the root of the project. */
  readonly run: string;
  /** The project's own check of the same thing, when it has one. */
  readonly check: string | null;
  /** Where it is named. */
  readonly from: string;
}

const FIXES: Partial<Record<FailureType, { readonly fix: readonly string[]; readonly check: readonly string[] }>> = {
  format: {
    fix: [
      "format:fix",
      "format:write",
      "fmt:fix",
      "prettier:fix",
      "prettier:write",
      "format",
      "fmt",
      "prettier",
      "style:fix",
      "format-fix",
      "fix:format",
      "reformat",
    ],
    check: [
      "format:check",
      "fmt:check",
      "prettier:check",
      "check:format",
      "format-check",
      "fmt-check",
      "check-format",
      "format:ci",
    ],
  },
  lint: {
    fix: ["lint:fix", "fix:lint", "eslint:fix", "lint-fix", "lint:write", "fix"],
    check: ["lint", "eslint", "lint:check", "lint:ci", "check:lint"],
  },
  codegen_drift: {
    fix: ["codegen", "generate", "gen", "regenerate", "build:codegen", "generate:all", "update-generated"],
    check: [
      "codegen:check",
      "generate:check",
      "check:codegen",
      "check:generated",
      "verify-generated",
      "check-generated",
    ],
  },
};

/** Scripts that only check and repair nothing. */
const ONLY_CHECKS =
  /(?:^|\s)(?:--check\b|--list-different\b|-l\b|-c\b|--dry-run\b|--verify-no-changes\b|--diff\b)|biome ci\b/;
/** Names of scripts that are a repair whatever they run; a bare `lint` or `format` must show that it writes. */
const SURE = /fix|write|gen|update|reformat/;
const WRITES =
  /(?:^|\s)--?(?:write|fix|w|i|in-place|apply|a|A|autocorrect)\b|\bfmt\b|\bformat\b|\b(?:black|isort)\b|spotlessApply/;

/** Any tool. */
const ANY = "any";

/** What the project in `root` names for repairing what `tool` found; null when it names nothing. Reads files only. */
export function projectCommand(root: string, type: FailureType, tool = ANY): ProjectCommand | null {
  const name = tool.split(" ")[0] ?? tool;
  return fromScripts(root, type) ?? ownTools(root, type).find(({ tools }) => tools.test(name))?.command ?? null;
}

/** Every command that {@link projectCommand} may choose in `root`, whatever fails there and whichever tool says so. */
export function projectCommands(root: string): readonly ProjectCommand[] {
  return (Object.keys(FIXES) as FailureType[]).flatMap((type) => {
    const named = fromScripts(root, type);
    return named ? [named] : ownTools(root, type).map(({ command }) => command);
  });
}

/** The project's script for repairs of `type`, whichever tool found the failure. */
function fromScripts(root: string, type: FailureType): ProjectCommand | null {
  const names = FIXES[type];
  if (!names) return null;
  const found = fromPackageJson(root, names) ?? fromMakefile(root, names) ?? fromDeno(root, names);
  return found && { ...found, subject: `heal:${type}` };
}

type Script = Omit<ProjectCommand, "subject">;
type Names = { readonly fix: readonly string[]; readonly check: readonly string[] };

function fromPackageJson(root: string, names: Names): Script | null {
  const manifest = readJson(join(root, "package.json"));
  const scripts = isObject(manifest?.scripts) ? manifest.scripts : null;
  if (!scripts) return null;
  const text = (name: string): string => (typeof scripts[name] === "string" ? scripts[name] : "");
  const fix = names.fix.find(
    (name) => text(name) !== "" && !ONLY_CHECKS.test(text(name)) && (SURE.test(name) || WRITES.test(text(name))),
  );
  if (!fix) return null;
  const check = names.check.find((name) => text(name) !== "" && name !== fix) ?? null;
  const manager = packageManager(root, manifest);
  const run = `${manager} run ${fix}`;
  return { run, check: check ? `${manager} run ${check}` : null, from: "package.json" };
}

function packageManager(root: string, manifest: Record<string, unknown> | null): string {
  const named =
    typeof manifest?.packageManager === "string"
      ? /^(npm|pnpm|yarn|bun)@/.exec(manifest.packageManager)?.[1]
      : undefined;
  if (named) return named;
  const locks = [
    ["pnpm-lock.yaml", "pnpm"],
    ["yarn.lock", "yarn"],
    ["bun.lock", "bun"],
    ["bun.lockb", "bun"],
  ] as const;
  return locks.find(([file]) => existsSync(join(root, file)))?.[1] ?? "npm";
}

function fromMakefile(root: string, names: Names): Script | null {
  // In the order in which make and just look for them.
  const file = ["GNUmakefile", "makefile", "Makefile", "justfile", "Justfile", ".justfile"].find((name) =>
    existsSync(join(root, name)),
  );
  if (!file) return null;
  const text = readText(join(root, file));
  const targets = new Set([...text.matchAll(/^([A-Za-z][\w.-]*)(?: [\w =+"'-]*)?:(?!=)/gm)].map((match) => match[1]!));
  const dashed = (list: readonly string[]): string[] => list.flatMap((name) => [name, name.replaceAll(":", "-")]);
  const fix = dashed(names.fix).find((name) => targets.has(name));
  if (!fix) return null;
  const check = dashed(names.check).find((name) => targets.has(name) && name !== fix) ?? null;
  const program = /^\.?j/i.test(file) ? "just" : "make";
  return {
    run: `${program} ${fix}`,
    check: check ? `${program} ${check}` : null,
    from: file,
  };
}

function fromDeno(root: string, names: Names): Script | null {
  const file = ["deno.json", "deno.jsonc"].find((name) => existsSync(join(root, name)));
  if (!file) return null;
  const tasks = readJson(join(root, file))?.tasks;
  if (!isObject(tasks)) return null;
  const fix = names.fix.find((name) => typeof tasks[name] === "string" && !ONLY_CHECKS.test(String(tasks[name])));
  return fix ? { run: `deno task ${fix}`, check: null, from: file } : null;
}

/** The tools that bring their own repair and that the project in `root` is set up for. */
function ownTools(
  root: string,
  type: FailureType,
): readonly { readonly tools: RegExp; readonly command: ProjectCommand }[] {
  const set = MARKERS.filter(
    ({ type: repairs, file, says }) =>
      repairs === type && existsSync(join(root, file)) && (!says || says.test(readText(join(root, file)))),
  );
  const found = set.map(({ tools, run, check, file }) => {
    // A command for any tool has only the type as its subject.
    const subject = tools.test(ANY) ? `heal:${type}` : `heal:${type} ${run}`;
    return { tools, command: { run, check, from: file, subject } };
  });
  return [...preCommit(root, type), ...found];
}

function preCommit(root: string, type: FailureType) {
  const file = ".pre-commit-config.yaml";
  if (!existsSync(join(root, file))) return [];
  const check = "pre-commit run --all-files";
  const subject = `heal:${type} ${check}`;
  return [{ tools: /^pre-commit$/, command: { run: `${check} || true`, check, from: file, subject } }];
}

function readText(path: string): string {
  try {
    return readSmallFile(path);
  } catch {
    return "";
  }
}

function readJson(path: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(readText(path));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
