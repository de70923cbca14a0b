import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./helpers/p9.ts";

/** Files that git knows or would add. */
const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(ROOT, file)));
const SOURCES = FILES.filter((file) => /^(src|plugins|hooks)\/.*\.(ts|mjs|js)$/.test(file));
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const json = (file: string) => JSON.parse(read(file));

/** What a file imports, statically or not, types too: paths from the root, or names of packages. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(
    /^(?:(?:import|export)\b[^"\n]*|\}\s*)from "([^"\n]+)"|^import "([^"\n]+)"|\bimport\("([^"\n]+)"\)/gm,
  );
  const names = [...found].map(([, from, bare, lazy]) => from ?? bare ?? lazy ?? "");
  return names.map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

/** `file → import` for every import of the files below `from` that `allowed` does not allow. */
function violations(from: string, allowed: (imported: string, file: string) => boolean): string[] {
  return SOURCES.filter((file) => file.startsWith(from)).flatMap((file) =>
    importsOf(file)
      .filter((imported) => !allowed(imported, file))
      .map((imported) => `${file} → ${imported}`),
  );
}
const isBuiltin = (name: string) => name.startsWith("node:");
const isOurs = (name: string) => /^(src|plugins|hooks)\//.test(name);

describe("imports", () => {
  test("the reader of imports sees them all", () => {
    expect(importsOf("tests/architecture.test.ts")).toEqual(
      expect.arrayContaining(["node:fs", "vitest", "tests/helpers/p9.ts"]),
    );
    expect(violations("src/", () => false).length).toBeGreaterThan(100);
  });

  test("src/base imports nothing but itself and Node's builtins, src/core also src/base", () => {
    const itself = (name: string, file: string) => name.startsWith(file.split("/").slice(0, 2).join("/"));
    expect(violations("src/base/", (name, file) => isBuiltin(name) || itself(name, file))).toEqual([]);
    const below = (name: string) => name.startsWith("src/base/");
    expect(violations("src/core/", (name, file) => isBuiltin(name) || itself(name, file) || below(name))).toEqual([]);
  });

  test("src/store knows nothing of what is kept in it", () => {
    const below = /^src\/(?:base|core|process|store)\//;
    expect(violations("src/store/", (name) => isBuiltin(name) || !isOurs(name) || below.test(name))).toEqual([]);
  });

  test("a plugin imports the public modules, its own family and the registry of another, and nothing else of p9", () => {
    const family = (file: string) => file.split("/").slice(0, 2).join("/");
    const isPublic = (name: string) =>
      ["src/plugin.ts", "src/github.ts", "src/provider.ts"].includes(name) ||
      /^plugins\/[^/]+\/registry\.ts$/.test(name);
    expect(
      violations("plugins/", (name, file) => !isOurs(name) || isPublic(name) || name.startsWith(`${family(file)}/`)),
    ).toEqual([]);
  });

  test("p9 itself reaches plugins only through the registries", () => {
    expect(violations("src/", (name) => !name.startsWith("plugins/") || name.endsWith("/registry.ts"))).toEqual([]);
  });

  test("p9 itself knows no kind of wait by its name, but for what a policy, old rows and gh pr create mean", () => {
    const named = SOURCES.filter((file) => file.startsWith("src/") && /(["'`])pr-ci\1/.test(read(file)));
    expect(named).toEqual(["src/config/schema.ts", "src/core/traits.ts", "src/hooks/register-pushes.ts"]);
    const literals = named.flatMap((file) => [...read(file).matchAll(/(["'`])pr-ci\1/g)]);
    expect(literals).toHaveLength(3);
  });

  test("nothing but the program imports the command line, except its exit codes", () => {
    const outside = violations("src/", (name) => !name.startsWith("src/cli/") || name === "src/core/exit-codes.ts");
    expect(outside.filter((line) => !/^src\/(cli\/|main\.ts)/.test(line))).toEqual([]);
  });

  test("no source imports a test, and only Node's builtins and declared packages come from outside", () => {
    // A scaffold for plugins names the package itself.
    const declared = [...Object.keys(json("deno.json").imports), json("package.json").name];
    const packageOf = (name: string) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/");
    expect(
      violations("", (name) =>
        isOurs(name) ? !name.startsWith("tests/") : isBuiltin(name) || declared.includes(packageOf(name)),
      ),
    ).toEqual([]);
  });

  test("child processes are started in one file only", () => {
    // macOS has no /proc: the start time of a process comes from ps, and must be known at once.
    const may = ["src/process/exec.ts", "src/process/darwin.ts"];
    const starters = SOURCES.filter((file) => !may.includes(file) && importsOf(file).includes("node:child_process"));
    expect(starters.filter((file) => !/import type .*"node:child_process"/.test(read(file)))).toEqual([]);
  });
});

test("git is run in one file only", () => {
  const callers = SOURCES.filter((file) => file !== "src/process/git.ts" && /\[\s*"git",/.test(read(file)));
  expect(callers).toEqual([]);
});

test("no function, class or constant is exported for nobody", () => {
  const readers = FILES.filter((file) => /^(src|plugins|hooks|tests)\/.*\.(ts|mjs|js)$/.test(file));
  const importers = new Map<string, string[]>();
  for (const file of readers)
    for (const name of importsOf(file)) importers.set(name, [...(importers.get(name) ?? []), read(file)]);
  const unread = SOURCES.filter((file) => file.endsWith(".ts") && file !== "src/mod.ts").flatMap((file) =>
    [...read(file).matchAll(/^export (?:abstract |async )*(?:function\*?|class|const|let) (\w+)/gm)].flatMap(
      ([, name = ""]) => {
        // The program calls what a command's module exports by this name, and finds the module by its path.
        if (name === "register" && file.startsWith("src/cli/commands/")) return [];
        const word = new RegExp(`\\b${name}\\b`);
        return importers.get(file)?.some((text) => word.test(text)) ? [] : [`${file} ${name}`];
      },
    ),
  );
  expect(unread).toEqual([]);
});

/** Sets of files that import each other in a circle: statically, lazily or for their types. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const mine = order.size;
    order.set(file, mine);
    lowest.set(file, mine);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      const reached = order.has(next) ? (open.includes(next) ? (order.get(next) ?? mine) : mine) : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? mine, reached));
    }
    if (lowest.get(file) === mine) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) found.push(circle.sort());
    }
    return lowest.get(file) ?? mine;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

describe("rooms", () => {
  test("no files import each other in a circle, not lazily and not for their types", () => {
    expect(
      cycles(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["b"]],
        ]),
      ),
    ).toEqual([["b", "c"]]);
    const graph = SOURCES.map((file) => [file, importsOf(file).filter((name) => SOURCES.includes(name))] as const);
    expect(cycles(new Map(graph))).toEqual([]);
  });

  test("the rooms of src/ depend one way: none needs a room that needs it, by whatever detour", () => {
    const roomOf = (file: string) => /^src\/[^/]+(?=\/)/.exec(file)?.[0];
    const rooms = new Map<string, Set<string>>();
    for (const file of SOURCES) {
      const room = roomOf(file);
      if (room === undefined) continue;
      const needed = importsOf(file).flatMap((name) => roomOf(name) ?? []);
      rooms.set(room, new Set([...(rooms.get(room) ?? []), ...needed.filter((name) => name !== room)]));
    }
    expect(rooms.size).toBeGreaterThan(15);
    expect(cycles(new Map([...rooms].map(([room, needs]) => [room, [...needs]])))).toEqual([]);
  });

  test("no folder holds more than sixteen files", () => {
    const counts = new Map<string, number>();
    for (const file of FILES.filter((name) => /^(src|plugins|hooks)\//.test(name)))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, files]) => files > 16)).toEqual([]);
  });
});

describe("the project", () => {
  test("both manifests name the same packages with the same ranges, and the same version", () => {
    const { dependencies, devDependencies, version } = json("package.json");
    const { imports, version: denoVersion } = json("deno.json");
    // What is bundled is a dependency of the build only; Deno runs the sources and needs both.
    const ranges: Record<string, string> = { ...devDependencies, ...dependencies };
    for (const [name, from] of Object.entries(imports)) expect(from).toBe(`npm:${name}@${ranges[name]}`);
    expect(Object.keys(imports)).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    expect(denoVersion).toBe(version);
  });

  test("the plugin and its marketplace name the version of the package", () => {
    const { version, name } = json("package.json");
    expect(json(".claude-plugin/plugin.json").version).toBe(version);
    const [plugin] = json(".claude-plugin/marketplace.json").plugins;
    expect(plugin).toMatchObject({ version, source: { source: "npm", package: name, version } });
  });

  test("the top level is fixed", () => {
    const top = new Set(FILES.map((file) => file.split("/")[0] ?? ""));
    const fixed = [
      "gh-p9",
      "packaging",
      "src",
      "plugins",
      "bin",
      "hooks",
      "tests",
      "references",
      "deno.json",
      "package.json",
      "package-lock.json",
      "README.md",
      "LICENSE",
    ];
    expect([...top].filter((name) => !name.startsWith(".") && !fixed.includes(name))).toEqual([]);
  });

  test("what package.json promises is built", () => {
    const { bin, main, types, exports } = json("package.json");
    const promised = [bin.p9, main, types, exports["."].types, exports["."].default];
    expect(promised.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test("every export says what it promises", () => {
    const bare = SOURCES.filter((file) => file.endsWith(".ts")).flatMap((file) => {
      const lines = read(file).split("\n");
      return lines.flatMap((line, index) => {
        const name = /^export (?:declare |abstract |async )*(?:function\*?|class|interface|type|const|let) (\w+)/.exec(
          line,
        )?.[1];
        // What a command's module exports is described once, at CommandModule.
        if (!name || (name === "register" && file.startsWith("src/cli/commands/"))) return [];
        const above = lines.slice(0, index).reverse();
        const overload = new RegExp(`^export (async )?function ${name}\\b`);
        const before = above.find((text) => !overload.test(text) && !/^(\/\/|$)/.test(text.trim())) ?? "";
        return before.trimEnd().endsWith("*/") || above.some((text) => overload.test(text))
          ? []
          : [`${file}:${index + 1} ${name}`];
      });
    });
    expect(bare).toEqual([]);
  });

  test("no file names a package registry's host or a place of the machine that it was written on", () => {
    const registry = new URL(
      execFileSync("npm", ["config", "get", "registry"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim(),
    ).host;
    const hosts = [...new Set([registry, ["registry", "npmjs", "org"].join("."), ["npm", "jsr", "io"].join(".")])];
    const texts = FILES.filter((file) => !/\.(png|gz|tgz|ico)$/.test(file)).map((file) => ({ file, text: read(file) }));
    const found = texts.flatMap(({ file, text }) =>
      hosts.filter((host) => text.includes(host)).map((host) => `${file}: ${host}`),
    );
    expect(found).toEqual([]);
    expect(texts.filter(({ text }) => text.includes(`${ROOT}/`)).map(({ file }) => file)).toEqual([]);
  });
});
