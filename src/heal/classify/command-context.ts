import { type Invocation, invocations } from "./read/shell.ts";
import type { FailureType } from "./rule.ts";

/**
 * The meaning of a command whose output alone is ambiguous: formatters that only list files, drift checks that only print a diff.
 */
export interface CommandMeaning {
  readonly type: FailureType;
  /** What its output must look like for the command to count. */
  readonly needs: "paths" | "findings" | "places" | "drift" | "errors" | "anything";
  readonly weight: number;
  readonly tool: string;
  /** The program itself is known, and not only the name of a task. */
  readonly known: boolean;
}

const FORMATTER =
  /\b(?:prettier|gofmt|gofumpt|goimports|gci|shfmt|rustfmt|scalafmt|ktfmt|google-java-format|clang-format|cmake-format|ormolu|fourmolu|stylish-haskell|nixfmt|nixpkgs-fmt|alejandra|buildifier|yamlfmt|mdformat|taplo|stylua|black|isort|yapf|autopep8|djhtml|snakefmt|elm-format|purs-tidy|fantomas|csharpier|swiftformat|swift-format|perltidy|uncrustify|astyle|dfmt|zprint|cljfmt|leptosfmt|jsonnetfmt|treefmt|biome format|oxfmt|dprint|standardrb|pint|php-cs-fixer|(?:cargo|deno|zig|gleam|terraform|tofu|terragrunt|packer|nomad|opa|cue|forge|dx|just|task|make|hcl|mix|dart|crystal tool|buf|ruff|dotnet|nx|spotless|nix) (?:-- )?(?:--?[\w=-]+ )?(?:fmt|format|hclfmt)(?:[:\w-]*)?)\b/;
const FORMAT_SCRIPT =
  /\b(?:npm|pnpm|yarn|bun|just|task|make|rake|composer|mage)(?: run)?(?: -\S+)* (?:\w+:)?(?:format|fmt|prettier)(?:[:-]\w+)*\b/;
const CHECKS =
  /(?:^|\s)-{0,2}(?:check\w*|c|l|list\S*|ls|d|n|diff|dry-run|test|verify\S*|validate|fail\S*|set-exit\S*|exit-\S+|assert\S*|Werror)\b|[:-](?:check|verify|ci)\b/;
const WRITES = /(?:^|\s)-{1,2}(?:write|w|i|inplace|in-place|fix|overwrite)\b/;
const DRIFT = /^git (?:-\S+ ){0,8}(?:diff|status)\b|\bcheck-dist\b|\bgit-auto-diff\b/;
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
  const before = programsBeforeDiff(commands);
  const formats = before.some((one) => formatsFiles(one) && !runs(GENERATOR, one, one.line.replace(FORMATTER, "")));
  const generates = before.some((one) => runs(GENERATOR, one) && !formatsFiles(one));
  return formats && !generates ? "format" : "codegen_drift";
}

/**
 * Whether a printed difference is of the work tree and stands behind a command that wrote it: two revisions that differ, or a tree
 * that nothing has changed since the checkout, are no drift that running a generator again would repair.
 */
export function isWrittenDrift(commands: readonly string[]): boolean {
  const compares = commands.flatMap(invocations).filter(({ line }) => DRIFT.test(line));
  if (compares.length === 0 || !checksDrift(commands)) return false;
  return programsBeforeDiff(commands).some((one) => runs(GENERATOR, one) || formatsFiles(one) || one.named);
}

/** Whether the step compares its work tree, as far as it is known: false when all that it compares are revisions, or it only counts. */
export function checksDrift(commands: readonly string[]): boolean {
  const compares = commands.flatMap(invocations).filter(({ line }) => DRIFT.test(line));
  return compares.length === 0 || compares.some(({ line }) => !comparesRevisions(line) && !onlyCounts(line));
}

/** `git diff --stat` alone always succeeds. */
function onlyCounts(line: string): boolean {
  return (
    /^git diff\b.{0,200} --(?:stat|shortstat|numstat|name-only|name-status)\b/.test(line) &&
    !/--(?:exit-code|quiet|check)\b/.test(line)
  );
}

/** `git diff a b`, `git diff origin/main...`: what the pull request changed, and not what a step wrote. */
function comparesRevisions(line: string): boolean {
  const words = line.split(" ").slice(2);
  const paths = words.indexOf("--");
  return (paths < 0 ? words : words.slice(0, paths)).some((word) => REVISION.test(word));
}

const REVISION =
  /\.\.|^(?:origin|upstream|refs)\/|^HEAD[~^@]|^[0-9a-f]{7,40}$|^(?:main|master|develop|trunk)$|^\$\{?\{?.{0,40}(?:sha|base|ref|before|branch)/i;

function programsBeforeDiff(commands: readonly string[]): Invocation[] {
  const all = commands.flatMap(invocations);
  const diff = all.findIndex(({ line }) => DRIFT.test(line));
  return (diff < 0 ? all : all.slice(0, diff)).filter(({ line }) => !DRIFT.test(line) && !INSTALLS.test(line));
}

/** `fmt` of `zig fmt`, and nothing of `mysql -e …`. */
const subcommand = (line: string): string => /^\S+ ([a-z][\w:.-]{0,60})(?: |$)/.exec(line)?.[1] ?? "";

/** `make` compiles nothing by itself: what it does is told by the target. */
const isTask = (line: string): boolean => /^(?:make|gmake|task|just|rake|ninja) \S/.test(line);

/** Whether a program is one of those that `pattern` names; a task and a command of a program by any of their words. */
function runs(pattern: RegExp, { line, hasCommands }: Invocation, text: string = line): boolean {
  if (hasCommands) return pattern.test(text) && (!isTask(text) || pattern.test(text.slice(text.indexOf(" ") + 1)));
  return pattern.exec(text)?.index === 0 || pattern.exec(subcommand(text))?.index === 0;
}

function formatsFiles(one: Invocation): boolean {
  return runs(FORMATTER, one) || (one.named && FORMAT_SCRIPT.test(one.line));
}

/** The meanings of a step's known commands, the last one first. */
export function commandMeanings(commands: readonly string[]): CommandMeaning[] {
  return commands
    .flatMap(invocations)
    .toReversed()
    .flatMap((one) => meaningOf(one) ?? []);
}

const INSTALLS =
  /^(?:npm|pnpm|yarn|bun|pip3?|poetry|uv|cargo|go|bundle|composer|apt(?:-get)?|brew|gem) (?:-\S+ ){0,4}(?:ci|install|i|add|fetch|mod download|sync|get|update)\b|^(?:git (?!(?:-\S+ ){0,8}(?:diff|status)\b)|docker (?:pull|login|push)\b|curl |wget |tar |unzip )/;

function meaningOf(one: Invocation): CommandMeaning | undefined {
  const { line, named } = one;
  if (INSTALLS.test(line)) return undefined;
  if (DRIFT.test(line) && !comparesRevisions(line) && !onlyCounts(line))
    return { type: "codegen_drift", needs: "drift", weight: 0.86, tool: "git", known: true };
  const of = (type: FailureType, needs: CommandMeaning["needs"], weight: number, pattern: RegExp): CommandMeaning => ({
    type,
    needs,
    weight,
    tool: first(pattern, line),
    known: !named,
  });
  if (formatsFiles(one) && !WRITES.test(line)) return of("format", "paths", CHECKS.test(line) ? 0.88 : 0.8, FORMATTER);
  if (runs(STRICT_GENERATOR, one)) return of("codegen_drift", "paths", 0.84, STRICT_GENERATOR);
  if (runs(TYPECHECKER, one)) return of("type", "findings", 0.8, TYPECHECKER);
  if (runs(LINTER, one)) return of("lint", "findings", 0.82, LINTER);
  if (runs(TESTER, one)) return of("test", "anything", 0.6, TESTER);
  if (runs(BUILDER, one)) return of("build", "errors", 0.6, BUILDER);
  if (named && CHECKER.test(line)) return of("lint", "places", 0.7, CHECKER);
  return undefined;
}

/** Names of the project's own checks. */
const CHECKER =
  /\b(?:check|scan|verify|validate|audit|enforce|guard)\w*\b|(?:^|[\W_])(?:check|scan|verify|validate)(?=[\W_]|$)/;

function first(pattern: RegExp, command: string): string {
  return pattern.exec(command)?.[0].split(" ")[0] ?? "any";
}
