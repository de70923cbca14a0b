// needs: git
import { chmodSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, repository, stillRuns } from "./repository.ts";

const scripts = (all: Record<string, string>) => JSON.stringify({ scripts: all });
const NPM = { "package.json": scripts({ lint: "eslint .", "lint:fix": "eslint --fix ." }), "src/a.js": "1\n" };
const PY = { "scripts/fix.py": "import helper\n", "scripts/helper.py": "x = 1\n", "app/main.py": "x = 1\n" };
const NODE = {
  "tools.js": "require('./lib/one.js'); import('./lib/' + name)",
  "lib/one.js": "require('./two')",
  "lib/two.js": "1",
  "src/a.js": "1",
};
const MAKE = {
  Makefile:
    "include mk/*.mk\nFMT = python3 dev/fmt.py\nfix: gen\n\t$(FMT) src\ngen:\n\tnode gen/all.mjs\ntest:\n\tpytest\n",
  "mk/a.mk": "A = 1\n",
  "dev/fmt.py": "import sys\n",
  "gen/all.mjs": "import { one } from './one.mjs';\n",
  "gen/one.mjs": "export const one = 1;\n",
  "src/a.py": "x = 1\n",
};

/** What a branch changes, so that something else would run. */
const HOSTILE: readonly (readonly [name: string, files: Files, command: string, change: Files])[] = [
  ["a script of the manifest", NPM, "npm run lint:fix", { "package.json": scripts({ "lint:fix": "sh -c evil" }) }],
  [
    "a script that runs before it",
    NPM,
    "npm run lint:fix",
    { "package.json": scripts({ ...JSON.parse(NPM["package.json"]).scripts, "prelint:fix": "evil" }) },
  ],
  [
    "a script that runs before its check",
    NPM,
    "npm run lint:fix\nnpm run lint",
    { "package.json": scripts({ ...JSON.parse(NPM["package.json"]).scripts, prelint: "evil" }) },
  ],
  [
    "a dependency",
    NPM,
    "npm run lint:fix",
    { "package.json": `${NPM["package.json"].slice(0, -1)},"dependencies":{"evil":"1"}}` },
  ],
  ["the lock file", { ...NPM, "package-lock.json": "{}" }, "npm run lint:fix", { "package-lock.json": '{"a":1}' }],
  ["npm's own settings", NPM, "npm run lint:fix", { ".npmrc": "script-shell=./evil\n" }],
  ["the configuration of a tool", NPM, "npm run lint:fix", { "eslint.config.js": "evil()" }],
  ["the same, deep in the tree", NPM, "npm run lint:fix", { "src/deep/.eslintrc.cjs": "evil()" }],
  ["a configuration without an ending", NPM, "npx prettier --write .", { "src/.prettierrc": "plugins: [./evil.js]" }],
  ["an installed package that is committed", NPM, "npm run lint:fix", { "node_modules/eslint/index.js": "evil()" }],
  [
    "a script that a script calls",
    { "fix.sh": "./lib/step.sh\n", "lib/step.sh": "true\n" },
    "sh fix.sh",
    { "lib/step.sh": "evil\n" },
  ],
  [
    "a sourced file without an ending",
    { "fix.sh": ". ./lib/common\n", "lib/common": "A=1\n" },
    "sh fix.sh",
    { "lib/common": "evil\n" },
  ],
  ["a text that a shell runs", { "steps.txt": "true\n" }, "sh steps.txt", { "steps.txt": "evil\n" }],
  ["a module that a script imports", PY, "python3 scripts/fix.py", { "scripts/helper.py": "evil()\n" }],
  [
    "a module in front of a library's",
    { "fix.py": "import json\n", "a.py": "1\n" },
    "python3 fix.py",
    { "json.py": "evil()\n" },
  ],
  [
    "a package in front of a library's",
    { "fix.py": "import json\n" },
    "python3 fix.py",
    { "json/__init__.py": "evil()\n" },
  ],
  [
    "a module that -m runs",
    { "dev/run.py": "1\n", "dev/__init__.py": "" },
    "python3 -m dev.run",
    { "dev/run.py": "evil()\n" },
  ],
  ["pytest's own file", PY, "pytest --fix", { "app/conftest.py": "evil()\n" }],
  ["program text under a test runner", PY, "pytest --fix", { "app/main.py": "evil()\n" }],
  ["a module of a module", NODE, "node tools.js", { "lib/two.js": "evil()" }],
  ["a module whose name is put together", NODE, "node tools.js", { "lib/new.js": "evil()" }],
  [
    "an alias of the compiler's",
    { "gen.ts": "import '@/kit/x'", "src/kit/x.ts": "1" },
    "tsx gen.ts",
    { "src/kit/x.ts": "evil()" },
  ],
  ["the Makefile", MAKE, "make fix", { Makefile: "fix:\n\tevil\n" }],
  ["a makefile that is taken before it", MAKE, "make fix", { GNUmakefile: "fix:\n\tevil\n" }],
  ["an included makefile", MAKE, "make fix", { "mk/a.mk": "A := $(shell evil)\n" }],
  ["a makefile that a pattern includes", MAKE, "make fix", { "mk/b.mk": "B := $(shell evil)\n" }],
  ["a program of a variable", MAKE, "make fix", { "dev/fmt.py": "evil()\n" }],
  ["what another target runs", MAKE, "make fix", { "gen/one.mjs": "evil()" }],
  ["a justfile", { justfile: "fix:\n  node x.mjs\n", "x.mjs": "1" }, "just fix", { "x.mjs": "evil()" }],
  [
    "a deno task",
    { "deno.json": '{"tasks":{"fix":"deno run -A dev.ts"}}', "dev.ts": "1" },
    "deno task fix",
    { "dev.ts": "evil()" },
  ],
  ["deno's import map", { "deno.json": '{"tasks":{"fix":"deno fmt"}}' }, "deno task fix", { "import_map.json": "{}" }],
  [
    "a task of a Taskfile",
    { "Taskfile.yml": "tasks:\n  fix:\n    cmds: [node x.mjs]\n", "x.mjs": "1" },
    "task fix",
    { "x.mjs": "evil()" },
  ],
  [
    "a cargo configuration",
    { "Cargo.toml": "" },
    "cargo fmt --all",
    { ".cargo/config.toml": '[build]\nrustc-wrapper="evil"' },
  ],
  [
    "a tool chain of the repository's",
    { "Cargo.toml": "" },
    "cargo fmt --all",
    { "rust-toolchain.toml": '[toolchain]\npath="x"' },
  ],
  ["a build script", { "Cargo.toml": "", "build.rs": "" }, "cargo clippy --fix", { "build.rs": "evil()" }],
  [
    "a procedural macro",
    { "Cargo.toml": "", "macros/src/lib.rs": "" },
    "cargo clippy --fix",
    { "macros/src/lib.rs": "evil()" },
  ],
  [
    "a directive of go generate",
    { "go.mod": "module x", "a.go": "package a" },
    "go generate ./...",
    { "a.go": "//go:generate evil" },
  ],
  [
    "a hook of pre-commit",
    { ".pre-commit-config.yaml": "repos: []" },
    "pre-commit run",
    { ".pre-commit-config.yaml": "repos: [evil]" },
  ],
  [
    "gradle's wrapper",
    { gradlew: "x", "build.gradle": "" },
    "./gradlew spotlessApply",
    { "gradle/wrapper/gradle-wrapper.properties": "evil" },
  ],
  ["a class of rubocop's", { ".rubocop.yml": "" }, "bundle exec rubocop -a", { ".rubocop.yml": "require: ./evil.rb" }],
  [
    "a module that an option names",
    { "src/a.js": "1", "rules/x.js": "1" },
    "eslint --rulesdir rules --plugin ./rules/x.js src",
    { "rules/x.js": "evil()" },
  ],
  ["a name with a space", { "my dev/fix.py": "1\n" }, 'python3 "my dev/fix.py"', { "my dev/fix.py": "evil()\n" }],
  [
    "a program behind a wrapper",
    { "gen.py": "1\n" },
    "env A=1 timeout 60 uv run --quiet python3 gen.py",
    { "gen.py": "evil()\n" },
  ],
  ["what a substitution runs", { "gen.py": "1\n" }, 'echo "$(python3 gen.py)" > out.txt', { "gen.py": "evil()\n" }],
  [
    "what find runs",
    { "gen/x.py": "1\n" },
    "find src -name '*.c' -exec python3 gen/x.py {} +",
    { "gen/x.py": "evil()\n" },
  ],
  [
    "a runner of runners",
    { "package.json": scripts({ fix: "run-s fix:*", "fix:a": "node a.js" }), "a.js": "1" },
    "npm run fix",
    { "a.js": "evil()" },
  ],
  [
    "a package of the workspace",
    { "packages/a/package.json": scripts({ fix: "node fix.js" }), "packages/a/fix.js": "1", "package.json": "{}" },
    "npm --prefix packages/a run fix",
    { "packages/a/fix.js": "evil()" },
  ],
  [
    "a script without an ending that says its program",
    { "fix.sh": "true\n" },
    "sh fix.sh",
    { "lib/x": "#!/bin/sh\nevil\n" },
  ],
];

/** What a branch changes, and what does not run. */
const HONEST: readonly (readonly [name: string, files: Files, command: string, change: Files])[] = [
  ["program text under a linter of npm", NPM, "npm run lint:fix", { "src/a.js": "2\n", "src/new.ts": "3\n" }],
  ["program text under an installed linter", NPM, "node_modules/.bin/eslint --fix src", { "src/a.js": "2\n" }],
  ["program text under prettier", NPM, "npx --yes prettier --write .", { "src/a.js": "2\n" }],
  [
    "text and data",
    MAKE,
    "make fix",
    { "README.md": "x", "data/list.json": "[]", "notes.txt": "x", "docs/a.rst": "x" },
  ],
  ["what another target of the Makefile runs", MAKE, "make fix", { "docs/conf.txt": "x", "web/src/a.ts": "1" }],
  [
    "text that a script rewrites",
    { "fix.sh": "sed -i s/a/b/ notes.txt\n", "notes.txt": "a" },
    "sh fix.sh",
    { "notes.txt": "aa" },
  ],
  ["data that a script reads", { ...PY, "data.json": "{}" }, "python3 scripts/fix.py data.json", { "data.json": "[]" }],
  ["Python under ruff", { "pyproject.toml": "[tool.ruff]", ...PY }, "ruff check --fix .", { "app/main.py": "y = 1\n" }],
  [
    "Rust under its formatter",
    { "Cargo.toml": "", "src/lib.rs": "" },
    "cargo fmt --all",
    { "src/lib.rs": "fn a() {}" },
  ],
  [
    "Go under its formatter",
    { "go.mod": "", "a.go": "" },
    'gofmt -w .\ntest -z "$(gofmt -l .)"',
    { "a.go": "package a" },
  ],
  ["another language than the script's", PY, "python3 scripts/fix.py", { "web/a.js": "1\n", "web/a.css": "a{}" }],
  ["program text that no script loads", NODE, "node tools.js", { "src/b.js": "2" }],
  ["deno's sources under its formatter", { "deno.json": "{}", "a.ts": "1" }, "deno fmt", { "a.ts": "2" }],
  ["documents in a folder of scripts", { "fix.sh": "true\n" }, "sh fix.sh", { "scripts/README.md": "x" }],
  ["the list of ignored files", NPM, "npm run lint:fix", { ".gitignore": "x\n" }],
  [
    "a justfile's other recipe",
    { justfile: "fix:\n  prettier -w .\ntest:\n  pytest\n", "a.py": "1" },
    "just fix",
    { "a.py": "2" },
  ],
];

describe("a repair is asked about again when the head changes", () => {
  test.each(HOSTILE)("%s", async (_, files, command, change) => {
    expect(await stillRuns(files, command, change)).toBe(false);
  });
});

describe("a repair runs unasked although the head changes", () => {
  test.each(HONEST)("%s", async (_, files, command, change) => {
    expect(await stillRuns(files, command, change)).toBe(true);
  });
});

test("links, other repositories and the right to execute ask again", async () => {
  for (const change of [
    (at: string) => symlinkSync("/etc/passwd", join(at, "notes.txt")),
    (at: string) => {
      writeFileSync(join(at, "data.txt"), "x");
      chmodSync(join(at, "data.txt"), 0o755);
    },
  ]) {
    const one = repository({ "fix.sh": "true\n" }, "sh fix.sh");
    await one.agree();
    change(one.user.work);
    one.commit();
    expect(await one.runs()).toBe(false);
  }
});

test("what was not committed yet when it was agreed to is agreed to, and no other text of it", async () => {
  const one = repository({ "fix.sh": "true\n" }, "sh fix.sh");
  one.write({ "scripts/step.sh": "one\n" });
  await one.agree();
  one.commit();
  expect(await one.runs()).toBe(true);
  one.write({ "scripts/step.sh": "two\n" });
  expect(await one.runs()).toBe(false);
});

test("several branches that were agreed to go on side by side, and one that goes back to an agreed state", async () => {
  const one = repository({ ...NPM, "package-lock.json": "1" }, "npm run lint:fix");
  await one.agree();
  one.git("checkout", "-qb", "other");
  one.write({ "package-lock.json": "2" });
  one.commit();
  expect(await one.asked()).toMatchObject({ state: "changed", changed: ["package-lock.json"] });
  await one.agree();
  expect(await one.runs()).toBe(true);
  one.git("checkout", "-q", "-");
  expect(await one.runs()).toBe(true);
  one.git("checkout", "-q", "other");
  one.write({ "package-lock.json": "3" });
  one.commit();
  expect(await one.runs()).toBe(false);
  one.write({ "package-lock.json": "1" });
  one.commit();
  expect(await one.runs()).toBe(true);
});

test("a commit that the repository no longer has agrees to nothing", async () => {
  const one = repository(NPM, "npm run lint:fix");
  await one.agree();
  rmSync(join(one.user.work, ".git"), { recursive: true });
  one.git("init", "-q");
  one.write({ "eslint.config.js": "evil()" });
  one.commit();
  expect(await one.runs()).toBe(false);
});

test("what is installed here and not in the commit is no part of it, so that the heal finds what was agreed to", async () => {
  const files = { ".gitignore": "node_modules\ndist\n", "a.js": "1" };
  const one = repository(files, "node_modules/.bin/fix . && node dist/cli.js");
  one.write({ "node_modules/.bin/fix": "installed", "dist/cli.js": "built" });
  await one.agree();
  one.write({ "node_modules/.bin/fix": null, "dist/cli.js": null });
  expect(await one.runs()).toBe(true);
});

test("the content shows each text that is run, scripts of the runner with what they call", async () => {
  const one = repository(
    {
      "package.json": scripts({ prefix: "echo first", fix: "npm run inner", inner: "sh step.sh" }),
      "step.sh": "echo step\n",
    },
    "npm run fix",
  );
  const content = await one.content();
  for (const text of [
    "npm run fix",
    'package.json "prefix":\necho first',
    "npm run inner",
    "sh step.sh",
    "step.sh:\necho step\n",
  ]) {
    expect(content).toContain(text);
  }
});
