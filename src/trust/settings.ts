import { posix } from "node:path";
import { endingsOf, isRootSettings, languageOf } from "./executes.ts";
import { referencesOf } from "./references.ts";
import { packageFiles, resolveName } from "./resolve-name.ts";
import { roleOf } from "./tools.ts";
import { jsonOf, type Tree } from "./tree.ts";

/** What the settings of tools name in a repository. */
export interface Settings {
  /** Program text that a tool loads: plugins, rules, parsers. */
  readonly loads: ReadonlySet<string>;
  /** Other settings, which name such in their turn, whatever they are called. */
  readonly decides: ReadonlySet<string>;
}

/** Files that tools take settings from by themselves. */
const SETTINGS =
  /^\.(?!git)[\w.-]+$|^[\w.-]+\.config\.(?:[cm]?[jt]s|json|ya?ml|toml)$|^(?:package\.json|pyproject\.toml|setup\.cfg|tox\.ini|mypy\.ini|\.?pylintrc|lefthook\.ya?ml|phpstan\.neon(?:\.dist)?|phpcs\.xml(?:\.dist)?|ruleset\.xml|rector\.php|ecs\.php|buf\.gen\.ya?ml|codegen\.ya?ml)$/;

/** More settings than this are not read. */
const MAX_FILES = 3_000;

/** Reads what the settings of the tools that only read program text load: linters, formatters and their like. */
export function settingsOf(tree: Tree): Settings {
  const [loads, decides] = [new Set<string>(), new Set<string>()];
  const own = tree.below(".").filter((path) => isSettings(path));
  const queue = own.slice(0, MAX_FILES);
  const seen = new Set(queue);
  for (const path of queue) {
    for (const file of namedBy(tree, path)) {
      if (languageOf(path) !== null && file === path) continue;
      if (languageOf(file) !== null) loads.add(file);
      else if (isSettingsText(file)) decides.add(file);
      else continue;
      if (languageOf(file) !== null || seen.has(file) || seen.size > MAX_FILES) continue;
      seen.add(file);
      queue.push(file);
    }
  }
  return { loads, decides };
}

function isSettings(path: string): boolean {
  const name = posix.basename(path);
  if (isRootSettings(path)) return true;
  if (!SETTINGS.test(name)) return false;
  // Test runners and bundlers load the project's program text anyway, and are not run by a linter.
  const [tool = ""] = name.replace(/^\./, "").split(".");
  return roleOf(tool, undefined).is !== "project";
}

/** Text of settings; a list of words is none. */
const isSettingsText = (path: string) => /(?:\.(?:json[c5]?|ya?ml|toml|ini|cfg|neon|xml|dist)|rc)$/.test(path);

function namedBy(tree: Tree, path: string): readonly string[] {
  const text = posix.basename(path) === "package.json" ? toolsIn(tree, path) : tree.text(path);
  if (text === null) return [];
  const bases = [...new Set([posix.dirname(path), "."])];
  // A plugin of mix format is compiled with the whole project.
  if (posix.basename(path) === ".formatter.exs")
    return /\bplugins:\s*\[\s*[^\s\]]/.test(text) ? tree.below(".").filter((file) => languageOf(file) === "beam") : [];
  const language = languageOf(path);
  const plain = withoutLists(text, language !== null);
  if (language === null) return tokensOf(plain, path).flatMap((name) => filesOf(tree, name, bases));
  const { names } = referencesOf(plain, language);
  return names.filter(isPath).flatMap((name) => filesOf(tree, name, bases));
}

/** Names that mean a file or a package, and not a word that happens to be one. */
const isPath = (name: string) => /[/@.]|^eslint-|plugin|config/.test(name);

const ENDINGS = [...endingsOf("js"), ".py", ".rb", ".php", ".ex"];

function filesOf(tree: Tree, name: string, bases: readonly string[]): readonly string[] {
  const { files } = resolveName(tree, name, bases, ENDINGS);
  return [...files, ...fullNames(name).flatMap((one) => packageFiles(tree, one, endingsOf("js")))];
}

/** What a short name stands for: `acme` for `eslint-config-acme`, `@acme` for `@acme/eslint-plugin`. */
function fullNames(name: string): readonly string[] {
  const plain = name.replace(/^plugin:/, "");
  const [scope = "", rest] = plain.startsWith("@") ? plain.split("/") : ["", plain];
  const before = scope === "" ? "" : `${scope}/`;
  const kinds = ["eslint-config", "eslint-plugin", "prettier-plugin", "prettier-config", "stylelint-config"];
  const bare = (rest ?? "").split("/")[0] ?? "";
  return [
    plain,
    ...kinds.flatMap((kind) => [`${before}${kind}-${bare}`, ...(scope === "" ? [] : [`${scope}/${kind}`])]),
  ];
}

/** Keys of a manifest that say what the package is and what is installed, and nothing to a tool. */
const OF_NPM =
  /^(?:name|version|description|keywords|homepage|bugs|license|author|contributors|maintainers|funding|files|main|module|browser|types|typings|typesVersions|exports|imports|bin|man|directories|repository|scripts|(?:dev|peer|optional|bundled?)?[dD]ependencies|peerDependenciesMeta|engines|os|cpu|private|publishConfig|workspaces|sideEffects|source|unpkg|jsdelivr|packageManager|resolutions|overrides|type|volta|browserslist)$/;

function toolsIn(tree: Tree, path: string): string {
  const manifest = Object.entries(jsonOf(tree, path) ?? {});
  const kept = manifest.filter(([key]) => !OF_NPM.test(key) && roleOf(key, undefined).is !== "project");
  return JSON.stringify(Object.fromEntries(kept), null, 1);
}

/** Keys whose values say which files a tool looks at. */
const LISTS =
  "files|content|inputs?|skip[\\w-]*|ignores?|ignore_?patterns|ignore-?paths|ignore-?files|ignored|excludes?|excluded|excludedFiles|extend-exclude|extendExclude|includes?|per-file-ignores|src|words|globals|target-version|testpaths|known[\\w-]*";

function withoutLists(text: string, isCode: boolean): string {
  const ofList = new RegExp(`^\\s*(?:- )?["']?(?:${LISTS})["']?\\s{0,10}[:=]\\s{0,10}[^\\s[{]`, "i");
  const values = new RegExp(
    `["']?\\b(?:${LISTS})\\b["']?\\s{0,10}[:=]\\s{0,10}(?:\\[[^\\]]{0,4000}\\]|"[^"\\n]{0,400}"|'[^'\\n]{0,400}'|\\|?\\s{0,4}\\^[^\\n]{0,400})`,
    "gi",
  );
  const kept: string[] = [];
  let within = -1;
  for (const line of text.replace(values, " ").split("\n")) {
    const depth = line.length - line.trimStart().length;
    const goesOn = depth > within || (depth === within && /^\s*- /.test(line));
    if (within >= 0 && line.trim() !== "" && !goesOn) within = -1;
    if (within < 0 && !isCode && ofList.test(line)) continue;
    if (within < 0 && new RegExp(`^\\s*(?:- )?["']?(?:${LISTS})["']?\\s*[:=]\\s*$`, "i").test(line)) within = depth;
    else if (within < 0) kept.push(line);
  }
  return kept.join("\n");
}

/** Sections of Python's settings that belong to packaging and tests, or to tools that load nothing. */
const OTHER_SECTIONS =
  /^\[+"?(?:project|build-system|metadata|options|tool\.(?:setuptools|poetry|hatch|pdm|uv|pytest|coverage|ruff|black|isort|towncrier|commitizen|semantic_release|bumpversion)|tool:pytest|coverage|isort|testenv|tox)/;

/** The words of settings that may name files. A single word does so only behind a key that loads. */
function tokensOf(text: string, path: string): readonly string[] {
  const found = new Set<string>();
  const isPython = /\.(?:toml|cfg|ini)$|(?:flake8|pylintrc)$/.test(path);
  let isOther = false;
  let loads = false;
  for (const line of text.split("\n")) {
    if (/^\s*[#;]/.test(line)) continue;
    if (isPython && /^\[/.test(line)) isOther = OTHER_SECTIONS.test(line);
    if (isOther) continue;
    if (/[:=]/.test(line))
      loads = /plugin|load|extension|require|inherit|extends|import|custom|hook|entry|parser|preset/i.test(line);
    for (const word of line.split(/[\s"'`,;[\]{}()=|&<>]+/)) {
      const name = word.replace(/^[-:]+|:$/g, "").replace(/^(?!\w:\/)([\w./-]+):[\w.]+$/, "$1");
      if (name === "" || name.length > 300) continue;
      if (/[/@]/.test(name) || /\.(?:[cm]?[jt]s|py|rb|php|exs?|json[c5]?|ya?ml|toml|neon|xml)$/.test(name))
        found.add(name);
      else if (loads) {
        found.add(name);
        if (isPython && /^[\w.]+$/.test(name)) found.add(name.replaceAll(".", "/"));
      }
    }
  }
  return [...found].slice(0, 5_000);
}
