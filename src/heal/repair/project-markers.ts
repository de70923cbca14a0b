import type { FailureType } from "../classify/rule.ts";

/** A tool that a project is set up for, and its repair. */
export interface Marker {
  readonly type: FailureType;
  /** Tools whose findings it repairs. */
  readonly tools: RegExp;
  readonly file: string;
  /** Pattern that the file must contain. */
  readonly says?: RegExp;
  readonly run: string;
  readonly check: string | null;
}

/** Tools that bring their own repair and that the project is set up for. */
export const MARKERS: readonly Marker[] = [
  {
    type: "format",
    tools: /^(?:rustfmt|cargo|any)$/,
    file: "Cargo.toml",
    run: "cargo fmt --all",
    check: "cargo fmt --all -- --check",
  },
  {
    type: "format",
    tools: /^(?:gofmt|golangci-lint|goimports)$/,
    file: "go.mod",
    run: "gofmt -w .",
    check: 'test -z "$(gofmt -l .)"',
  },
  { type: "format", tools: /^(?:dprint|deno)$/, file: "deno.json", run: "deno fmt", check: "deno fmt --check" },
  {
    type: "format",
    tools: /^ruff$/,
    file: "pyproject.toml",
    says: /^\[tool\.ruff/m,
    run: "ruff format .",
    check: "ruff format --check .",
  },
  {
    type: "format",
    tools: /^black$/,
    file: "pyproject.toml",
    says: /^\[tool\.black\]/m,
    run: "black .",
    check: "black --check .",
  },
  {
    type: "format",
    tools: /^isort$/,
    file: "pyproject.toml",
    says: /^\[tool\.isort\]/m,
    run: "isort .",
    check: "isort --check-only .",
  },
  {
    type: "lint",
    tools: /^ruff$/,
    file: "pyproject.toml",
    says: /^\[tool\.ruff/m,
    run: "ruff check --fix .",
    check: "ruff check .",
  },
  { type: "lint", tools: /^ruff$/, file: "ruff.toml", run: "ruff check --fix .", check: "ruff check ." },
  { type: "format", tools: /^ruff$/, file: "ruff.toml", run: "ruff format .", check: "ruff format --check ." },
  { type: "format", tools: /^mix$/, file: "mix.exs", run: "mix format", check: "mix format --check-formatted" },
  { type: "format", tools: /^gleam$/, file: "gleam.toml", run: "gleam format", check: "gleam format --check" },
  {
    type: "format",
    tools: /^terraform$/,
    file: "main.tf",
    run: "terraform fmt -recursive",
    check: "terraform fmt -check -recursive",
  },
  {
    type: "format",
    tools: /^spotless$/,
    file: "build.gradle",
    says: /spotless/,
    run: "./gradlew spotlessApply",
    check: "./gradlew spotlessCheck",
  },
  {
    type: "format",
    tools: /^spotless$/,
    file: "build.gradle.kts",
    says: /spotless/,
    run: "./gradlew spotlessApply",
    check: "./gradlew spotlessCheck",
  },
  {
    type: "lint",
    tools: /^rubocop$/,
    file: ".rubocop.yml",
    run: "bundle exec rubocop --autocorrect",
    check: "bundle exec rubocop",
  },
  {
    type: "format",
    tools: /^(?:rubocop|standardrb)$/,
    file: ".rubocop.yml",
    run: "bundle exec rubocop --autocorrect --only Layout",
    check: "bundle exec rubocop --only Layout",
  },
  { type: "codegen_drift", tools: /^(?:git|any)$/, file: "go.mod", says: /^/, run: "go generate ./...", check: null },
];
