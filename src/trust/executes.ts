import { extname } from "node:path";

/**
 * Files that run, or that decide what runs, whatever a command names: manifests, locks, the configuration of runners and tools, build
 * files, scripts. Matched against the path and against its last part. The list is in `references/trust.md` too.
 */
const EXECUTING: readonly RegExp[] = [
  // Manifests and locks: what is installed, and which scripts a runner knows.
  /^(?:package|composer|deno|import_map|bower|lerna|nx|turbo|rush|project|workspace|moon)\.jsonc?$/i,
  /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-(?:lock|workspace)\.yaml|yarn\.lock|bun\.lockb?|deno\.lock)$/,
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|pytest\.ini|mypy\.ini|noxfile\.py|conftest\.py|(?:site|user)customize\.py|Pipfile|uv\.toml|pixi\.toml)$/,
  /^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/,
  /\.(?:lock|lockfile|pth)$|^(?:go|gradle)\.(?:sum|mod|work|properties)$|^go\.work\.sum$|^tools\.go$/,
  /^(?:Cargo\.toml|build\.rs|rust-toolchain(?:\.toml)?|clippy\.toml|Gemfile|Podfile|Brewfile|mix\.exs|rebar\.config|shard\.yml|Package\.swift|pubspec\.yaml|stack\.yaml)$/,
  /\.(?:gemspec|cabal|csproj|fsproj|vbproj|sln|props|targets|podspec|nimble|rockspec)$/,
  /^(?:pom\.xml|build\.xml|ivy\.xml|build\.sbt|(?:global|nuget)\.(?:json|config)|dune(?:-project)?|meson(?:_options|\.options)?\.(?:build|txt)|meson\.build)$/i,
  // Runners and build files.
  /^(?:gnu)?makefile(?:\.\w+)?$|\.(?:mk|mak|make)$/i,
  /^\.?justfile$|\.just$|^(?:taskfile|tasks)(?:\.dist)?\.ya?ml$|^(?:rake|cap|guard|vagrant|jenkins|tilt|earth|fast|dager|bake|snake|s?con)file$|^SConstruct$|^SConscript$|^wscript$|^invoke\.ya?ml$/i,
  /^(?:BUILD|WORKSPACE|MODULE)(?:\.bazel|\.bzlmod)?$|\.(?:bzl|bazel|gradle|sbt|cmake|nix|rake|gni?|ninja|pri|pro|thor)$|^CMakeLists\.txt$|\.gradle\.kts$/,
  /^(?:docker|container)file(?:[.-].*)?$|\.dockerfile$|^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/i,
  // Configuration of tools: much of it is code, or names code to load.
  /^[\w.-]+\.config\.(?:[cm]?[jt]sx?|json|ya?ml|toml)$|^[\w-]+\.conf\.[cm]?[jt]s$|\.(?:setup|preset)\.[cm]?[jt]s$/,
  /^[jt]sconfig(?:\.[\w.-]+)?\.json$|^(?:biome|dprint|oxlint|rome|tslint|babel|typedoc|knip|cspell|karma|protractor|renovate)\.jsonc?$/,
  /^(?:ruff|black|taplo|typos|rustfmt|\.?flake8|\.?pylintrc|\.?bandit|bunfig|mise|lefthook|wrangler|netlify|fly|\.?golangci|buf(?:\.gen)?|sqlc|codegen|gqlgen|graphql|openapitools|orval|phpcs|phpstan|phpunit|psalm|rector|pint|ecs|detekt|checkstyle|pmd|ktlint|swiftlint|prek|nextest|deny|cbindgen|uniffi|procfile|sgconfig|mkdocs|antora|book)(?:\.dist)?(?:\.(?:toml|ya?ml|jsonc?|xml|ini|cfg|php|neon))?$/i,
  /^\.(?!(?:gitignore|gitkeep|gitmessage|keep|editorconfig|env\.example|mailmap|npmignore|dockerignore|prettierignore|eslintignore|stylelintignore|nojekyll|all-contributorsrc|git-blame-ignore-revs)$).+$/,
  /^eslint-local-rules\.\w+$|^package-scripts\.\w+$/,
  /^hooks?\.json$|^\.?mcp\.json$|^(?:claude|agents|gemini)\.json$/i,
  // Scripts of shells, and programs.
  /\.(?:sh|bash|zsh|fish|ksh|csh|command|ps1|psm1|psd1|bat|cmd|awk|sed|applescript|exe|dll|so|dylib|node|wasm|jar|war|class|pyc|pyz|whl|gem|phar|deb|rpm|AppImage|run|bin)$/i,
];

/** Folders whose files are scripts, or are loaded by tools. */
const SCRIPT_FOLDERS: ReadonlySet<string> = new Set([
  ..."scripts script bin hack ci sbin buildSrc gradle node_modules site-packages .venv venv githooks git-hooks".split(
    " ",
  ),
  ..."plugins-local eslint-rules eslint-local-rules eslint-plugin-local rulesdir codemods jscodeshift build-tools buildtools dev-tools devtools".split(
    " ",
  ),
]);
/** The same, when they lie at the root of the repository. */
const ROOT_FOLDERS: ReadonlySet<string> = new Set(
  "tools tool tasks task build make cmake mk dev infra ops vendor deps".split(" "),
);

/** Text and pictures for people, whatever folder they lie in. */
const DOCUMENTS =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|org|tex|csv|tsv|svg|png|jpe?g|gif|webp|avif|ico|bmp|pdf|mp[34]|webm|wav|ogg|woff2?|ttf|otf|eot|po|pot|mo|log|diff|patch|snap)$|^(?:licen[cs]e|copying|notice|authors|contributors|changelog|changes|history|readme|codeowners|security|code_of_conduct)(?:\.txt)?$/i;

/** Data by its ending: read, and never run unless an interpreter is given it. */
const DATA =
  /\.(?:txt|text|json5?|jsonl|ndjson|geojson|ya?ml|toml|xml|xsd|xslt?|html?|css|scss|sass|less|styl|csv|sql|proto|graphql|gql|ini|cfg|conf|properties|env|lock|pem|crt|key|bin|dat|db|sqlite3?|parquet|avro|plist|strings|resx|ttl|tf|tfvars|hcl|hbs|mustache|ejs|liquid|njk|pug|tmpl|tpl|template|wat|map|sum|out|golden|expected|ignore|list|tmp|bak|old|orig)$/i;

/** Program text by its ending: files of one language load each other. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  js: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro", "coffee"],
  python: ["py", "pyi", "pyx", "pxd", "ipynb"],
  ruby: ["rb", "erb", "ru", "jbuilder"],
  php: ["php", "phtml", "inc"],
  perl: ["pl", "pm", "t"],
  lua: ["lua"],
  r: ["r", "rmd"],
  go: ["go"],
  rust: ["rs"],
  jvm: ["java", "kt", "kts", "groovy", "scala", "clj", "cljs", "cljc", "edn"],
  dotnet: ["cs", "fs", "fsx", "vb"],
  native: ["c", "cc", "cpp", "cxx", "h", "hpp", "hh", "m", "mm", "s", "asm", "zig", "swift", "d", "nim", "cr", "f90"],
  beam: ["ex", "exs", "erl", "hrl", "gleam"],
  other: ["dart", "hs", "ml", "mli", "jl", "elm", "purs", "tcl", "vim", "el", "lisp", "rkt", "scm", "j2"],
};

const LANGUAGE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LANGUAGES).flatMap(([language, endings]) =>
    endings.map((ending) => [`.${ending}`, language] as const),
  ),
);

/** Languages of a file's ending; null for text, data and what has no ending. */
export function languageOf(path: string): string | null {
  return LANGUAGE_OF.get(extname(path).toLowerCase()) ?? null;
}

/** Language of a line `#!` by the program in it; null: a shell, or none is named. */
export function languageOfProgram(line: string): string | null {
  return PROGRAMS.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}

const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:node|bun|deno|tsx|ts-node|zx)\b/, "js"],
  [/\bpython/, "python"],
  [/\bruby/, "ruby"],
  [/\bperl/, "perl"],
  [/\bphp/, "php"],
];

/** Endings that may be left out where a file of the language is named. */
export function endingsOf(language: string): readonly string[] {
  return (LANGUAGES[language] ?? []).map((ending) => `.${ending}`);
}

/** Whether a file is a generator's settings, which have a common name and so are taken for them at the root only. */
export function isRootSettings(path: string): boolean {
  return /^(?:codegen|graphql|orval)\.[cm]?[jt]s$/.test(path);
}

/** Whether a file is for people to read or to look at, and never run. */
export function isDocument(path: string): boolean {
  return DOCUMENTS.test(lastOf(path));
}

/** Whether a file is data by its ending. One without an ending may be a script. */
export function isData(path: string): boolean {
  return DATA.test(lastOf(path));
}

/** Whether a file runs, or decides what runs, by its place alone. */
export function executes(path: string): boolean {
  if (isDocument(path)) return false;
  const folders = path.split("/").slice(0, -1);
  // What p9 itself reads there is agreed to entry by entry.
  if (path === ".control/policy.yaml") return false;
  if (folders.some((folder) => SCRIPT_FOLDERS.has(folder) || /^\.(?!\.?$)/.test(folder))) return true;
  if (ROOT_FOLDERS.has(folders[0] ?? "") || isRootSettings(path)) return true;
  const name = lastOf(path);
  return EXECUTING.some((pattern) => pattern.test(name));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
