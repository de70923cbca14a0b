import { expect, test } from "vitest";
import { importRelation } from "../../../src/queue/isolation/import-graph.ts";
import { scratch, write } from "../world.ts";

/** `work` imports `changed`, in each language. */
const PAIRS: Readonly<Record<string, [work: string, changed: string, files: Record<string, string>]>> = {
  "TypeScript with a .ts ending": [
    "src/a.ts",
    "src/b.ts",
    { "src/a.ts": 'import { b } from "./b.ts";', "src/b.ts": "" },
  ],
  "TypeScript with a .js ending": [
    "src/a.ts",
    "lib/b.ts",
    { "src/a.ts": 'export * from "../lib/b.js";', "lib/b.ts": "" },
  ],
  "an index file": ["a.js", "b/index.js", { "a.js": "const b = require('./b');", "b/index.js": "" }],
  "a dynamic import": ["a.mjs", "b.mjs", { "a.mjs": 'const b = await import("./b.mjs");', "b.mjs": "" }],
  "an import over several lines": ["a.ts", "b.ts", { "a.ts": 'import {\n  x,\n  y,\n} from "./b";', "b.ts": "" }],
  "an alias of src": ["src/x/a.tsx", "src/ui/b.tsx", { "src/x/a.tsx": 'import B from "@/ui/b"', "src/ui/b.tsx": "" }],
  "a relative Python import": [
    "app/a.py",
    "app/core/b.py",
    { "app/a.py": "from .core import b\n", "app/core/b.py": "" },
  ],
  "an absolute Python import": ["a.py", "src/pkg/b.py", { "a.py": "from pkg.b import thing\n", "src/pkg/b.py": "" }],
  "a Go package": [
    "cmd/main.go",
    "internal/q/q.go",
    {
      "go.mod": "module ex.org/m\n",
      "cmd/main.go": 'package main\nimport (\n\t"fmt"\n\t"ex.org/m/internal/q"\n)\n',
      "internal/q/q.go": "package q\n",
    },
  ],
  "a Go file of the same package": ["q/a.go", "q/b.go", { "q/a.go": "package q\n", "q/b.go": "package q\n" }],
  "a Rust module": ["src/main.rs", "src/store.rs", { "src/main.rs": "mod store;\n", "src/store.rs": "" }],
  "a Rust path": [
    "src/cli/run.rs",
    "src/store/log.rs",
    { "src/cli/run.rs": "use crate::store::log::Log;\n", "src/store/log.rs": "" },
  ],
  "a C header": ["src/a.c", "src/b.h", { "src/a.c": '#include "b.h"\n', "src/b.h": "" }],
  "a Java class": [
    "src/main/java/x/A.java",
    "src/main/java/y/B.java",
    { "src/main/java/x/A.java": "import y.B;\n", "src/main/java/y/B.java": "" },
  ],
  "a shell script": ["bin/a.sh", "bin/lib.sh", { "bin/a.sh": '. "$DIR/lib.sh"\n', "bin/lib.sh": "" }],
};

test.each(Object.entries(PAIRS))("importRelation() follows %s", (_, [work, changed, files]) => {
  const root = scratch();
  write(root, files);
  expect(importRelation(root, [work], [changed])).toBe(`${work} imports ${changed}`);
  expect(importRelation(root, [changed], [work])).toMatch(/imports/);
  expect(importRelation(root, [work], ["other/file.ts"])).toBeNull();
});

test("importRelation() follows what the work imports for three hops, and no further", () => {
  const root = scratch();
  const chain = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`f${n}.ts`, `import "./f${n + 1}.ts";`]));
  write(root, { ...chain, "f6.ts": "" });
  expect(importRelation(root, ["f1.ts"], ["f4.ts"])).toBe("f3.ts imports f4.ts");
  expect(importRelation(root, ["f1.ts"], ["f5.ts"])).toBeNull();
});

test("importRelation() bears circles, missing files and files that are none", () => {
  const root = scratch();
  write(root, {
    "a.ts": 'import "./b.ts"; import "./gone.ts"; import "./dir";',
    "b.ts": 'import "./a.ts";',
    "dir/x.ts": "",
  });
  expect(importRelation(root, ["a.ts"], ["c.ts"])).toBeNull();
  expect(importRelation(root, ["nowhere.ts"], ["c.ts"])).toBeNull();
});
