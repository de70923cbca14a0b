/** The names in a program text that may be files or modules of the repository. */
export interface References {
  readonly names: readonly string[];
  /** Whether it loads something whose name only the run shows. */
  readonly dynamic: boolean;
}

/** What is loaded by a name that is no literal. */
const DYNAMIC: Readonly<Record<string, RegExp>> = {
  js: /\b(?:require|import|createRequire|runInContext|runInNewContext|runInThisContext|compileFunction)\s*\(\s*(?!["'`)])|\beval\s*\(|new\s+Function\b/,
  python: /\b(?:importlib|__import__|runpy|imp|pkgutil|execfile)\b|\b(?:exec|eval)\s*\(/,
  ruby: /\b(?:load|require|require_relative|instance_eval|class_eval|eval)\b\s*\(?\s*(?!["'\s(])/,
  perl: /\b(?:do|require|eval)\s+\$/,
};

const MAX_NAMES = 20_000;

/** Reads the names of a program text. Finds too many rather than too few: what does not exist means nothing. */
export function referencesOf(text: string, language: string): References {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.size < MAX_NAMES && /^[^\s\0]{1,300}$/.test(name)) names.add(name);
  };
  for (const [, double, single, back] of text.matchAll(/"([^"\n]{1,400})"|'([^'\n]{1,400})'|`([^`]{1,400})`/g)) {
    for (const word of (double ?? single ?? back ?? "").split(/\s+/)) {
      add(word);
      if (language === "python" && /^\.*[\w.]+$/.test(word)) add(dotted(word));
    }
  }
  for (const [word] of text.matchAll(/[\w@~.$-]*\/[\w@~.$*{}/-]+|[\w-]+\.(?:[cm]?[jt]sx?|py|rb|sh|pl|php|lua|go)\b/g))
    add(word);
  if (language === "python") for (const name of pythonImports(text)) add(name);
  if (language === "perl" || language === "lua" || language === "r") {
    for (const [, name = ""] of text.matchAll(/\b(?:use|require|source)\s*\(?\s*([\w:.]+)/g))
      add(name.replaceAll(/::|\./g, "/"));
  }
  return { names: [...names], dynamic: DYNAMIC[language]?.test(text) ?? false };
}

function pythonImports(text: string): string[] {
  const names: string[] = [];
  for (const [, modules = ""] of text.matchAll(/^\s*import\s+([\w., \t]+)/gm)) {
    for (const one of modules.split(",")) names.push(dotted(one.trim().split(/\s/)[0] ?? ""));
  }
  for (const [, from = "", what = ""] of text.matchAll(/^\s*from\s+([\w.]+)\s+import\s+\(?([\w., \t\n]+)/gm)) {
    names.push(dotted(from));
    for (const one of what.split(/[,\s]+/)) if (one !== "") names.push(`${dotted(from)}/${one}`);
  }
  return names;
}

/** `..a.b` as `../a/b`. */
function dotted(module: string): string {
  const [, dots = "", rest = ""] = /^(\.*)(.*)$/.exec(module) ?? [];
  const up = dots.length > 1 ? "../".repeat(dots.length - 1) : "";
  return `${up}${rest.replaceAll(".", "/")}`;
}

/** Lines of a program text whose literals, put together, start a program: `spawn("npm", ["run", "x"])`. */
export function commandLines(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => STARTS.test(line) && line.length < 2_000);
  const commands = lines.map((line) =>
    [...line.matchAll(/"([^"]{1,400})"|'([^']{1,400})'|`([^`]{1,400})`/g)].map(([, a, b, c]) => a ?? b ?? c).join(" "),
  );
  return [...new Set(commands)].slice(0, 200);
}

const STARTS = /["'`](?:npm|pnpm|yarn|bun|make|just|task|deno|node|sh|bash|python[\d.]*|composer|npx|tsx)(?:["'`]|\s)/;
