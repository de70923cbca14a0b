import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyDependencies } from "../../../src/heal/confine/copy.ts";
import { installed } from "../../../src/heal/confine/dependencies.ts";

/** A checkout with what is installed in it, and a worktree of it. */
function trees(files: readonly string[], links: Readonly<Record<string, string>> = {}) {
  const top = mkdtempSync(join(tmpdir(), "p9-installed-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const [root, dir] = [join(top, "checkout"), join(top, "worktree")];
  for (const tree of [root, dir]) {
    for (const path of files.filter((file) => tree === root || !file.includes("node_modules"))) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), path.endsWith(".sh") ? "#!/bin/sh\n" : `${path}\n`, { mode: 0o755 });
    }
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(tree, path));
  }
  return { top, root, dir };
}

test("what is installed in a workspace's packages is brought, once where a package has a second name", () => {
  const found = installed(
    trees(["package.json", "node_modules/a/x", "packages/one/package.json", "packages/one/node_modules/b/x"], {
      "packages/two": "one",
    }),
  );
  expect(found.map(({ path }) => path)).toEqual(["node_modules", "packages/one/node_modules"]);
});

test("a copy has the links within the checkout, and stands for itself where one led out", async () => {
  const { top, root, dir } = trees(["package.json", "src/lib/x", "node_modules/.cache/x", "node_modules/a/x"]);
  const out = trees(["node_modules/tool/cli.sh", "node_modules/tool/data"]);
  const from = join(root, "node_modules");
  symlinkSync("../src/lib", join(from, "lib"));
  symlinkSync(join(from, "a"), join(from, "b"));
  symlinkSync(join(out.root, "node_modules/tool"), join(from, "tool"));
  symlinkSync(join(out.root, "node_modules/tool/cli.sh"), join(from, "cli"));
  symlinkSync(join(out.root, "node_modules/tool/data"), join(from, "data"));
  symlinkSync(join(top, "gone"), join(from, "gone"));
  const to = join(dir, "node_modules");
  await copyDependencies({ from, to, root });
  expect(readdirSync(to).sort()).toEqual(["a", "b", "cli", "data", "lib"]);
  expect(readFileSync(join(to, "b/x"), "utf8")).toBe("node_modules/a/x\n");
  expect(readFileSync(join(to, "lib/x"), "utf8")).toBe("src/lib/x\n");
  expect(readFileSync(join(to, "cli"), "utf8")).toBe(
    `#!/bin/sh\nexec '${join(out.root, "node_modules/tool/cli.sh")}' "$@"\n`,
  );
  for (const name of ["a/x", "b/x", "cli", "data", "lib/x"]) writeFileSync(join(to, name), "written\n");
  expect(readFileSync(join(from, "a/x"), "utf8")).toBe("node_modules/a/x\n");
  expect(readFileSync(join(out.root, "node_modules/tool/cli.sh"), "utf8")).toBe("#!/bin/sh\n");
  expect(readFileSync(join(out.root, "node_modules/tool/data"), "utf8")).toBe("node_modules/tool/data\n");
  expect(readFileSync(join(root, "src/lib/x"), "utf8")).toBe("src/lib/x\n");
});
