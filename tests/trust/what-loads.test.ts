// needs: git
import { describe, expect, test } from "vitest";
import { type Files, stillRuns } from "./repository.ts";

const json = (value: unknown) => JSON.stringify(value, null, 2);
const scripts = (all: Record<string, string>, more = {}) => json({ name: "app", scripts: all, ...more });
const LINT = { "package.json": scripts({ "lint:fix": "eslint --fix ." }) };
const inB = (all: Record<string, string>) => ({
  "package.json": json({ name: "app", workspaces: ["packages/*"] }),
  "packages/b/package.json": json({ name: "@a/b", scripts: all }),
});
const GEN = inB({ fix: "node lib/gen.js" });

/** What loads a file, and that file: a branch changes it, and nothing else. */
const LOADED: readonly (readonly [name: string, files: Files, command: string, loaded: string])[] = [
  [
    "a rule that eslint's settings import",
    { ...LINT, "eslint.config.js": "import './own/rule.js'" },
    "npm run lint:fix",
    "own/rule.js",
  ],
  [
    "a parser that settings as data name",
    { ...LINT, "web/.eslintrc.json": '{"parser": "./own/p.js"}' },
    "npm run lint:fix",
    "web/own/p.js",
  ],
  [
    "settings that settings extend",
    { ...LINT, ".eslintrc.yml": "extends: ./own/base.json" },
    "npm run lint:fix",
    "own/base.json",
  ],
  [
    "a package of the repository that settings name in short",
    { ...LINT, ".eslintrc.json": '{"extends": "acme"}', "packages/c/package.json": '{"name": "eslint-config-acme"}' },
    "npm run lint:fix",
    "packages/c/index.js",
  ],
  [
    "rules that settings read from a folder",
    { ...LINT, "eslint.config.js": "for (const r of readdirSync('./own')) await import('./own/' + r)" },
    "npm run lint:fix",
    "own/a.js",
  ],
  [
    "prettier's settings in the manifest",
    { "package.json": scripts({ format: "prettier -w ." }, { prettier: "./own/p.js" }) },
    "npm run format",
    "own/p.js",
  ],
  ["settings under a name of their own", {}, "prettier --config own/p.json -w .", "own/p.json"],
  ["a folder of rules", {}, "eslint --rulesdir own/rules --fix .", "own/rules/a.js"],
  ["a cop of rubocop's", { ".rubocop.yml": "require:\n  - ./own/cop\n" }, "bundle exec rubocop -a", "own/cop.rb"],
  ["a plugin of mypy's", { "mypy.ini": "[mypy]\nplugins = own/p.py\n" }, "mypy .", "own/p.py"],
  ["a plugin of pylint's", { "pyproject.toml": "[tool.pylint]\nload-plugins = ['own.p']\n" }, "pylint .", "own/p.py"],
  [
    "a local hook of pre-commit's",
    { ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - entry: own/hook\n    language: script\n" },
    "pre-commit run",
    "own/hook",
  ],
  [
    "a build backend in the tree",
    { "pyproject.toml": "[build-system]\nbackend-path = ['own']\n" },
    "uv run ruff check --fix .",
    "own/b.py",
  ],
  ["a script behind cd", {}, "cd sub && sh fix", "sub/fix"],
  [
    "a script in a folder that a script goes to",
    { "fix.sh": 'cd "$(dirname "$0")/sub"\npython3 gen.py\n' },
    "sh fix.sh",
    "sub/gen.py",
  ],
  ["a module behind cd", {}, "cd sub && python3 -m gen", "sub/gen.py"],
  [
    "what make does in another folder",
    { "sub/Makefile": "fix:\n\tpython3 py/gen.py\n" },
    "make -Csub fix",
    "sub/py/gen.py",
  ],
  ["a makefile under another name", {}, "make -f build.rules fix", "build.rules"],
  [
    "a makefile that a function includes",
    { Makefile: "include $(wildcard own/*.inc2)\nfix:\n\ttrue\n" },
    "make fix",
    "own/a.inc2",
  ],
  ["a script in a variable", {}, "F=own/gen; sh $F", "own/gen"],
  ["scripts of a loop", {}, 'for f in own/*.x; do sh "$f"; done', "own/a.x"],
  ["a script that is piped", {}, "cat own/gen | sh", "own/gen"],
  ["a script in quotes within its name", {}, "sh o'wn/g'en", "own/gen"],
  [
    "a sourced file beside the script",
    { "fix.sh": 'D=$(cd "$(dirname "$0")" && pwd)\n. "$D/own/set.env"\n' },
    "sh fix.sh",
    "own/set.env",
  ],
  ["a folder of modules", {}, "PYTHONPATH=own python3 -m gen", "own/gen.py"],
  ["a module of an option", {}, "perl -Iown -MGen -e run", "own/Gen.pm"],
  ["a module of a program in the line", {}, "node -e \"require('./own/gen')\"", "own/gen.js"],
  [
    "a module of a recipe in another language",
    { justfile: "fix:\n    #!/usr/bin/env python3\n    import own.x\n" },
    "just fix",
    "own/x.py",
  ],
  [
    "a module in a folder that a script adds",
    { "fix.py": "sys.path.insert(0, 'own')\nimport gen\n" },
    "python3 fix.py",
    "own/gen.py",
  ],
  [
    "what a program starts",
    { "fix.py": "run(['npm', 'run', 'gen'])", "package.json": scripts({ gen: "node own/gen.js" }) },
    "python3 fix.py",
    "own/gen.js",
  ],
  ["a script of a workspace", GEN, "npm run fix -w @a/b", "packages/b/lib/gen.js"],
  ["a script of all workspaces", GEN, "pnpm -r run fix", "packages/b/lib/gen.js"],
  ["a script of a runner of workspaces", GEN, "npx turbo run fix", "packages/b/lib/gen.js"],
  ["a package that a script imports", { ...inB({}), "gen.js": "import '@a/b'" }, "node gen.js", "packages/b/index.js"],
  [
    "a program that the repository installs",
    { "package.json": json({ name: "app", bin: { fixer: "own/m.js" } }) },
    "npx fixer --fix",
    "own/m.js",
  ],
  [
    "a program of the Python project",
    { "pyproject.toml": "[project.scripts]\nfixer = 'own.fix:main'\n" },
    "uv run fixer",
    "src/own/fix.py",
  ],
  ["the package that a folder is", { "package.json": json({ name: "app", main: "own/m.js" }) }, "node .", "own/m.js"],
  [
    "an alias of the compiler's settings",
    { "gen.ts": "import '~k/x'", "tsconfig.json": '{"compilerOptions": {"paths": {"~k/*": ["./own/*"]}}}' },
    "tsx gen.ts",
    "own/x.ts",
  ],
  [
    "a plugin of flake8's in a folder of its own",
    { ".flake8": "[flake8:local-plugins]\nextension =\n    X1 = own.ext:Check\npaths = ./sub\n" },
    "flake8 .",
    "sub/own/ext.py",
  ],
  [
    "what bun loads first",
    { "package.json": scripts({ fix: "x" }), "bunfig.toml": "preload = ['./own/x.ts']" },
    "bun run fix",
    "own/x.ts",
  ],
  [
    "a command of wireit's",
    { "package.json": scripts({ fix: "wireit" }, { wireit: { fix: { command: "sh own/x" } } }) },
    "npm run fix",
    "own/x",
  ],
  [
    "a class that composer runs",
    { "composer.json": json({ scripts: { fix: "App\\Fix::run" } }) },
    "composer run fix",
    "lib/Fix.php",
  ],
  [
    "a task of an included Taskfile",
    { "Taskfile.yml": "includes:\n  sub: ./own/Sub.yml\n" },
    "task sub:fix",
    "own/Sub.yml",
  ],
];

test("a new module where python -m looks first asks again, and one in a package does not", async () => {
  const files = { "src/app/__init__.py": "1" };
  expect(await stillRuns(files, "python3 -m black .", { "click.py": "evil()" })).toBe(false);
  expect(await stillRuns(files, "python3 -m black .", { "src/app/click.py": "1" })).toBe(true);
});

const SOURCES = { "src/index.js": "import './a.js'", "src/a.js": "1", "src/error.js": "1", "src/cli.js": "1" };
const APP = { main: "src/index.js", exports: "./src/index.js", files: ["src"], jest: { setupFiles: ["./src/a.js"] } };
const FLAT = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export default [{ files: ['src/cli.js'], ignores: ['./src/a.js'], rules: { semi: ['error', 'always'] } }];`;
const PYPROJECT = `[project]
name = "app"
[project.scripts]
app = "app.cli:main"
[tool.mypy]
files = ["src/app/cli.py"]
plugins = ["pydantic.mypy"]
[tool.pytest.ini_options]
addopts = "-p app.cli"
`;

/** Settings and scripts that name program text without loading it: a branch changes all program text under `src`. */
const READ: readonly (readonly [name: string, files: Files, command: string])[] = [
  [
    "eslint's settings",
    { "package.json": scripts({ "lint:fix": "eslint --fix ." }, APP), "eslint.config.js": FLAT },
    "npm run lint:fix",
  ],
  [
    "eslint's settings as data",
    { ...LINT, ".eslintrc.yml": "extends: eslint:recommended\noverrides:\n  - files:\n      - src/cli.js\n" },
    "npm run lint:fix",
  ],
  [
    "settings of bundlers and styles",
    {
      ...LINT,
      "vite.config.js": "import './src/a.js'",
      "tailwind.config.js": "module.exports = { content: ['./src/index.js'] }",
    },
    "npm run lint:fix",
  ],
  [
    "settings of Python's tools",
    { "pyproject.toml": PYPROJECT, "setup.cfg": "[flake8]\nexclude = src/app/cli.py\n" },
    "python3 -m black src",
  ],
  [
    "settings of pre-commit",
    {
      ".pre-commit-config.yaml":
        "repos:\n- repo: https://x.example/y\n  hooks:\n  - id: black\n    exclude: ^src/app/cli.py$\n",
    },
    "pre-commit run",
  ],
  [
    "a loop over folders",
    { "fix.sh": 'cd "$(dirname "$0")"\nSRC=src\nfor d in src test; do npx prettier --write "$d" $SRC; done\n' },
    "sh fix.sh",
  ],
  [
    "variables of make",
    { Makefile: "PRETTIER ?= npx prettier\nSRC := src\nfmt:\n\t$(PRETTIER) --write $(SRC)\n" },
    "make fmt",
  ],
  ["a linter that node is given", {}, "node node_modules/eslint/bin/eslint.js --fix src"],
  [
    "a choice of runners",
    { "fix.sh": "if command -v bunx; then RUN=bunx; else RUN=npx; fi\n$RUN eslint --fix src\n" },
    "sh fix.sh",
  ],
  ["files that git lists", {}, "git ls-files src | xargs npx prettier --write"],
];

describe("a repair is asked about again when the head changes", () => {
  test.each(LOADED)("%s", async (_, files, command, loaded) => {
    expect(await stillRuns({ ...files, [loaded]: "1\n" }, command, { [loaded]: "2\n" })).toBe(false);
  });
});

describe("program text that is only read does not ask again, although these name it:", () => {
  test.each(READ)("%s", async (_, files, command) => {
    const app = { "src/app/__init__.py": "1", "src/app/cli.py": "1" };
    const change = { ...SOURCES, ...app, "src/new.js": "1", "src/app/new.py": "1" };
    const changed = Object.fromEntries(Object.keys(change).map((path) => [path, "2\n"]));
    expect(await stillRuns({ ...SOURCES, ...app, ...files }, command, changed)).toBe(true);
  });
});
