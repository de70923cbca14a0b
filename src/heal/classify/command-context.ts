import type { FailureType } from "./rule.ts";

/**
 * The meaning of a command whose output alone is ambiguous: formatters that only list files, drift checks that only print a diff.
 */
export interface CommandMeaning {
  readonly type: FailureType;
  /** What its output must look like for the command to count. */
  readonly needs: "paths" | "findings" | "drift" | "errors" | "anything";
  readonly weight: number;
  readonly tool: string;
}

const FORMATTER =
  /\b(?:prettier|gofmt|gofumpt|goimports|gci|shfmt|rustfmt|scalafmt|ktfmt|google-java-format|clang-format|cmake-format|ormolu|fourmolu|stylish-haskell|nixfmt|nixpkgs-fmt|alejandra|buildifier|yamlfmt|mdformat|taplo|stylua|black|isort|yapf|autopep8|djhtml|snakefmt|elm-format|purs-tidy|fantomas|csharpier|swiftformat|swift-format|perltidy|uncrustify|astyle|dfmt|zprint|cljfmt|leptosfmt|jsonnetfmt|treefmt|biome format|oxfmt|dprint|standardrb|pint|php-cs-fixer|(?:cargo|deno|zig|gleam|terraform|tofu|terragrunt|packer|nomad|opa|cue|forge|dx|just|task|make|hcl|mix|dart|crystal tool|buf|ruff|dotnet|nx|spotless|nix) (?:-- )?(?:--?[\w=-]+ )?(?:fmt|format|hclfmt)(?:[:\w-]*)?)\b/;
const FORMAT_SCRIPT =
  /\b(?:npm|pnpm|yarn|bun|just|task|make|rake|composer|mage)(?: run)?(?: -\S+)* (?:\w+:)?(?:format|fmt|prettier)(?:[:-]\w+)*\b/;
const CHECKS =
  /(?:^|\s)-{0,2}(?:check\w*|c|l|list\S*|ls|d|n|diff|dry-run|test|verify\S*|validate|fail\S*|set-exit\S*|exit-\S+|assert\S*|Werror)\b|[:-](?:check|verify|ci)\b/;
const WRITES = /(?:^|\s)-{1,2}(?:write|w|i|inplace|in-place|fix|overwrite)\b/;
const DRIFT = /\bgit (?:-\S+ )*(?:diff|status)\b|\bcheck-dist\b|\bgit-auto-diff\b/;
const LINTER =
  /\b(?:[\w-]*lint(?:er|s|ing)?[\w-]*|flake8|ruff(?: check)?|rubocop|reek|shellcheck|hadolint|vet|credo|detekt|checkstyle|pmd|spotbugs|cppcheck|bandit|semgrep|codespell|typos|vale|misspell|clang-tidy|clippy|staticcheck|revive|vulture|knip|depcheck|standard|xo|biome|oxc|tslint|jshint|perlcritic|luacheck|selene|slither|statix|deadnix|phpcs|phpmd|kics|conftest|kubeconform|kubeval|dotenv-linter|alex|proselint|pydocstyle|pycodestyle|pyflakes|refurb|pyupgrade)\b/;
const TYPECHECKER =
  /\b(?:tsc|vue-tsc|tsgo|svelte-check|mypy|dmypy|pyright|basedpyright|pyre|pytype|flow|type-?check\w*|check-types|types:check|dialyzer|srb|sorbet|steep|phpstan|psalm|astro check|deno check|attw)\b/;
const TESTER =
  /\b(?:[\w:-]*tests?(?::[\w-]+)*|specs?|jest|vitest|mocha|ava|pytest|tox|nox|rspec|minitest|phpunit|pest|exunit|ctest|ginkgo|gotestsum|nextest|karma|jasmine|cypress|playwright|cucumber|behave|bats|busted|surefire|e2e|integration)\b/;
const BUILDER =
  /\b(?:[\w:-]*build(?::[\w-]+)*|compile\w*|make|cmake|ninja|meson|assemble\w*|bundle|webpack|rollup|esbuild|tsup|gcc|g\+\+|clang|javac|kotlinc|scalac|rustc|ghc|dotnet publish|swiftc|xcodebuild|package)\b/;
const GENERATOR =
  /\b(?:generat\w+|gen|codegen|regen\w*|protoc|buf generate|sqlc|prisma|drizzle-kit|openapi\S*|swagger\S*|graphql-codegen|relay-compiler|controller-gen|deepcopy-gen|mockgen|mockery|wire|stringer|ent|typegen|docs?|schema|manifests|build|bundle|dist|compile|update-\w+|sync)\b/;
const STRICT_GENERATOR =
  /\b(?:generat(?:e|or|ed)|codegen|regen\w*|sqlc diff|mockgen|mockery|prisma migrate diff|openapi\S*|swagger\S*|buf generate|protoc)\b/;
const LOCKS =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|Cargo\.lock|go\.(?:mod|sum)|go\.work\.sum|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock|mix\.lock|pubspec\.lock|flake\.lock|Package\.resolved|Podfile\.lock|gradle\.lockfile|packages\.lock\.json|Chart\.lock|\.terraform\.lock\.hcl|MODULE\.bazel\.lock)$/;

/** True when every file is a lock file (or the manifest that a tidy command rewrites with it). */
function onlyLockFiles(files: readonly string[]): boolean {
  return files.length > 0 && files.every((file) => LOCKS.test(file));
}

/** The type of drift that a diff of `files` shows, judged by the step's earlier commands. */
export function driftType(commands: readonly string[], files: readonly string[]): FailureType {
  if (onlyLockFiles(files)) return "lockfile";
  const before = commands.filter((command) => !DRIFT.test(command) || /&&|;/.test(command));
  const formats = before.some(
    (command) =>
      (FORMATTER.test(command) || FORMAT_SCRIPT.test(command)) && !GENERATOR.test(command.replace(FORMATTER, "")),
  );
  const generates = before.some(
    (command) => GENERATOR.test(command) && !FORMATTER.test(command) && !FORMAT_SCRIPT.test(command),
  );
  return formats && !generates ? "format" : "codegen_drift";
}

/** The meanings of a step's known commands, the last one first. */
export function commandMeanings(commands: readonly string[]): CommandMeaning[] {
  return commands.toReversed().flatMap((command) => meaningOf(command) ?? []);
}

function meaningOf(command: string): CommandMeaning | undefined {
  if (/^\s*(?:#|echo |printf |if |then|fi$|done|exit|cd |export |set )/.test(command) && !DRIFT.test(command))
    return undefined;
  if (
    /\b(?:npm|pnpm|yarn|bun|pip3?|poetry|uv|cargo|go|bundle|composer|apt(?:-get)?|brew|gem) (?:ci|install|i|add|fetch|mod download|sync|get|update)\b/.test(
      command,
    )
  )
    return undefined;
  if (DRIFT.test(command)) return { type: "codegen_drift", needs: "drift", weight: 0.86, tool: "git" };
  const formats = FORMATTER.test(command) || FORMAT_SCRIPT.test(command);
  if (formats && !WRITES.test(command))
    return {
      type: "format",
      needs: "paths",
      weight: CHECKS.test(command) ? 0.88 : 0.8,
      tool: first(FORMATTER, command),
    };
  if (STRICT_GENERATOR.test(command))
    return { type: "codegen_drift", needs: "paths", weight: 0.84, tool: first(STRICT_GENERATOR, command) };
  if (TYPECHECKER.test(command))
    return { type: "type", needs: "findings", weight: 0.8, tool: first(TYPECHECKER, command) };
  if (LINTER.test(command)) return { type: "lint", needs: "findings", weight: 0.82, tool: first(LINTER, command) };
  if (TESTER.test(command) && !/\btest (?:[-!"$(]|$)/.test(command))
    return { type: "test", needs: "anything", weight: 0.6, tool: first(TESTER, command) };
  if (BUILDER.test(command)) return { type: "build", needs: "errors", weight: 0.6, tool: first(BUILDER, command) };
  return undefined;
}

function first(pattern: RegExp, command: string): string {
  return pattern.exec(command)?.[0].split(" ")[0] ?? "any";
}
