import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import type { FailureType } from "../classify/rule.ts";
import { MARKERS } from "./project-markers.ts";

/** A command that the project itself names for a repair. */
export interface ProjectCommand {
  /** For `sh -c`, in the root of the project. */
  readonly run: string;
  /** The project's own check of the same thing, when it has one. */
  readonly check: string | null;
  /** Where it is named. */
  readonly from: string;
  /** The command and the text it stands for: what trust is given to. */
  readonly content: string;
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

/** A script that only looks: it repairs nothing. */
const ONLY_CHECKS =
  /(?:^|\s)(?:--check\b|--list-different\b|-l\b|-c\b|--dry-run\b|--verify-no-changes\b|--diff\b)|biome ci\b/;
/** A script of these names is a repair whatever it runs; a bare `lint` or `format` must show that it writes. */
const SURE = /fix|write|gen|update|reformat/;
const WRITES =
  /(?:^|\s)--?(?:write|fix|w|i|in-place|apply|a|A|autocorrect)\b|\bfmt\b|\bformat\b|\b(?:black|isort)\b|spotlessApply/;

/** What the project in `root` names for repairing `type`; null when it names nothing. Reads files only. */
export function projectCommand(root: string, type: FailureType, tool = "any"): ProjectCommand | null {
  const names = FIXES[type];
  if (!names) return null;
  return (
    fromPackageJson(root, names) ?? fromMakefile(root, names) ?? fromDeno(root, names) ?? fromMarkers(root, type, tool)
  );
}

type Names = { readonly fix: readonly string[]; readonly check: readonly string[] };

function fromPackageJson(root: string, names: Names): ProjectCommand | null {
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
  const around = [`pre${fix}`, fix, `post${fix}`, ...(check ? [check] : [])].filter((name) => text(name) !== "");
  const files = [...new Set(around.flatMap((name) => namedFiles(root, text(name))))];
  const content = [
    run,
    ...around.map((name) => `${name}: ${text(name)}`),
    ...files.map((file) => `${file}:\n${readText(join(root, file))}`),
  ].join("\n");
  return { run, check: check ? `${manager} run ${check}` : null, from: "package.json", content };
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

function fromMakefile(root: string, names: Names): ProjectCommand | null {
  const file = ["Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"].find((name) =>
    existsSync(join(root, name)),
  );
  if (!file) return null;
  const text = readText(join(root, file));
  const targets = new Set([...text.matchAll(/^([A-Za-z][\w.-]*)(?: [\w =+"'-]*)?:(?!=)/gm)].map((match) => match[1]!));
  const dashed = (list: readonly string[]): string[] => list.flatMap((name) => [name, name.replaceAll(":", "-")]);
  const fix = dashed(names.fix).find((name) => targets.has(name));
  if (!fix) return null;
  const check = dashed(names.check).find((name) => targets.has(name) && name !== fix) ?? null;
  const program = /^j/i.test(file) ? "just" : "make";
  return {
    run: `${program} ${fix}`,
    check: check ? `${program} ${check}` : null,
    from: file,
    content: `${program} ${fix}\n${text}`,
  };
}

function fromDeno(root: string, names: Names): ProjectCommand | null {
  const file = ["deno.json", "deno.jsonc"].find((name) => existsSync(join(root, name)));
  if (!file) return null;
  const tasks = readJson(join(root, file))?.tasks;
  if (!isObject(tasks)) return null;
  const fix = names.fix.find((name) => typeof tasks[name] === "string" && !ONLY_CHECKS.test(String(tasks[name])));
  return fix
    ? { run: `deno task ${fix}`, check: null, from: file, content: `deno task ${fix}\n${String(tasks[fix])}` }
    : null;
}

function fromMarkers(root: string, type: FailureType, tool: string): ProjectCommand | null {
  const preCommit = join(root, ".pre-commit-config.yaml");
  if (tool === "pre-commit" && existsSync(preCommit)) {
    const run = "pre-commit run --all-files";
    return {
      run: `${run} || true`,
      check: run,
      from: ".pre-commit-config.yaml",
      content: `${run}\n${readText(preCommit)}`,
    };
  }
  const found = MARKERS.find(
    (marker) =>
      marker.type === type &&
      marker.tools.test(tool.split(" ")[0]!) &&
      existsSync(join(root, marker.file)) &&
      (!marker.says || marker.says.test(readText(join(root, marker.file)))),
  );
  return found ? { run: found.run, check: found.check, from: found.file, content: found.run } : null;
}

/** Files inside the project that a command line names: their text is part of what is trusted. */
export function namedFiles(root: string, command: string): string[] {
  const words = command
    .split(/[\s;&|()<>"'=]+/)
    .filter(
      (word) => /^[\w./@-]{2,200}$/.test(word) && /[./]/.test(word) && !word.startsWith("/") && !word.includes(".."),
    );
  return words.filter((word) => {
    const stat = statSync(join(root, word), { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size < 256 * 1024;
  });
}

/** What trust is given to for a command of the policy: its text and that of the files it names. */
export function commandContent(root: string, command: string): string {
  return [command, ...namedFiles(root, command).map((file) => `${file}:\n${readText(join(root, file))}`)].join("\n");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
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
