import { posix } from "node:path";
import { endingsOf, isData, isDocument, isRootSettings, languageOf } from "./executes.ts";
import { referencesOf } from "./references.ts";
import { type Named, packageFiles, resolveName } from "./resolve-name.ts";
import { roleOf } from "./shell/tools.ts";
import { jsonOf, type Tree } from "./tree.ts";

/** What the settings of tools name in a repository. */
export interface Settings {
  /** Program text that a tool loads: plugins, rules, parsers. */
  readonly loads: ReadonlySet<string>;
  /** Other settings, which name such in their turn, whatever they are called. */
  readonly decides: ReadonlySet<string>;
  /** Folders from which they load by names that only a run shows. */
  readonly folders: readonly (readonly [folder: string, language: string])[];
}

/** Files that tools take settings from by themselves. */
const SETTINGS =
  /^\.(?!git)[\w.-]+$|^[\w.-]+\.config\.(?:[cm]?[jt]s|json|ya?ml|toml)$|^(?:package\.json|pyproject\.toml|setup\.cfg|tox\.ini|mypy\.ini|\.?pylintrc|lefthook\.ya?ml|bunfig\.toml|phpstan\.neon(?:\.dist)?|phpcs\.xml(?:\.dist)?|ruleset\.xml|rector\.php|ecs\.php|buf\.gen\.ya?ml|codegen\.ya?ml)$/;

/** More settings than this are not read. */
const MAX_FILES = 3_000;

const MAX_TEXT = 256 * 1024;

/** Reads what the settings of the tools that only read program text load: linters, formatters and their like. */
export function settingsOf(tree: Tree): Settings {
  return followed(
    tree,
    tree.below(".").filter((path) => isSettings(path)),
    new Set(),
  );
}

/** The same for settings that a command names. */
export function settingsFrom(tree: Tree, paths: readonly string[]): Settings {
  const text = paths.filter(isSettingsText);
  return followed(tree, text, new Set(text));
}

function followed(tree: Tree, start: readonly string[], decides: Set<string>): Settings {
  const loads = new Set<string>();
  const folders: (readonly [string, string])[] = [];
  const queue = start.slice(0, MAX_FILES);
  const seen = new Set(queue);
  for (const path of queue) {
    const named = namedBy(tree, path);
    folders.push(...named.folders);
    for (const file of named.files) {
      if (isSettingsText(file)) {
        decides.add(file);
        if (seen.has(file) || seen.size > MAX_FILES) continue;
        seen.add(file);
        queue.push(file);
      } else if (file !== path && (languageOf(file) !== null || !(isData(file) || isDocument(file)))) loads.add(file);
    }
  }
  return { loads, decides, folders };
}

function isSettings(path: string): boolean {
  const name = posix.basename(path);
  if (isRootSettings(path)) return true;
  if (path.endsWith(".cargo/config.toml")) return true;
  if (!SETTINGS.test(name)) return false;
  // Test runners and bundlers load the project's program text anyway, and are not run by a linter.
  const [tool = ""] = name.replace(/^\./, "").split(".");
  return roleOf(tool, undefined).is !== "project";
}

/** Text of settings; a list of words is none. */
const isSettingsText = (path: string) => /(?:\.(?:json[c5]?|ya?ml|toml|ini|cfg|neon|xml|dist)|rc)$/.test(path);

/** What loads more than it names. */
const LOADS_MANY = /readdir|glob|\bimport\s*\(|\brequire\s*\(\s*[^"'`)\s]|rulesdir|rulePaths|requireindex|Dir\s*\[/i;

function namedBy(tree: Tree, path: string): Pick<Settings, "folders"> & { readonly files: readonly string[] } {
  const text = posix.basename(path) === "package.json" ? toolsIn(tree, path) : tree.text(path);
  if (text === null) return { files: [], folders: [] };
  // Nobody writes so much by hand, and it is not looked through.
  if (text.length > MAX_TEXT) return { files: [], folders: [[".", "any"]] };
  const bases = [...new Set([posix.dirname(path), "."])];
  // A plugin of mix format is compiled with the whole project.
  if (posix.basename(path) === ".formatter.exs")
    return { files: [], folders: /\bplugins:\s*\[\s*[^\s\]]/.test(text) ? [[".", "beam"]] : [] };
  const language = languageOf(path);
  const plain = withoutLists(text, language !== null);
  const names = language === null ? tokensOf(plain, path) : referencesOf(plain, language).names.filter(isPath);
  const found = names.map((name) => filesOf(tree, name, bases));
  const many = language !== null && LOADS_MANY.test(plain);
  const folders = many ? found.flatMap((one) => one.folders).filter((at) => at !== ".") : [];
  return { files: found.flatMap(({ files }) => files), folders: folders.map((at) => [at, language ?? "any"]) };
}

/** Names that mean a file or a package, and not a word that happens to be one. */
const isPath = (name: string) => /[/@.]|^eslint-|plugin|config/.test(name);

const ENDINGS = [...endingsOf("js"), ".py", ".rb", ".php", ".ex"];

function filesOf(tree: Tree, name: string, bases: readonly string[]): Named {
  const { files, folders } = resolveName(tree, name, bases, ENDINGS);
  const ofPackages = fullNames(name).flatMap((one) => packageFiles(tree, one, endingsOf("js")));
  return { files: [...files, ...ofPackages], folders: name.startsWith(".") ? folders : [] };
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
  try {
    return JSON.stringify(Object.fromEntries(kept), null, 1);
  } catch {
    // Nested deeper than can be written: all of it counts.
    return tree.text(path) ?? "";
  }
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
    const goesOn = isPython && loads && /^\s/.test(line);
    if (/[:=]/.test(line) && !goesOn)
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
