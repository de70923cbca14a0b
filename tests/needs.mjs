// Which test files cannot run here: a file that needs more than Node and git says so in its first line, `// needs: gh, psql`.
// One that takes more than about ten seconds needs `time`, which a quick run does not have.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./setup.mjs";

/** Debian package of a program, where it is called otherwise. */
const PACKAGES = {
  psql: "postgresql",
  script: "bsdutils",
  unshare: "util-linux",
  ip: "iproute2",
  kubectl: "kubernetes-client",
};

/** What is no program on PATH: how to know whether it is there, and what to say when it is not. */
const OTHERS = {
  time: { there: () => true },
  root: { there: () => process.getuid?.() === 0, hint: "run as root" },
  namespaces: {
    there: () => spawnSync("unshare", ["-rn", "true"], { stdio: "ignore" }).status === 0,
    hint: "unshare -rn must work",
  },
};

/** Folders whose tests take long, every one. */
const SLOW_FOLDERS = ["tests/e2e/", "tests/crash/", "tests/contract/"];

/** Files that a quick run leaves out. */
export function slowFiles() {
  return testFiles("tests").filter(
    (file) => SLOW_FOLDERS.some((folder) => file.startsWith(folder)) || needsOf(file).includes("time"),
  );
}

/** What is missing, and the files below `folders` (all, without any) that need it and are not in `besides`. */
export function leftOut(folders = [], besides = []) {
  const missing = new Map();
  for (const file of testFiles("tests")) {
    if (besides.includes(file)) continue;
    if (folders.length > 0 && !folders.some((folder) => file.includes(folder))) continue;
    for (const program of needsOf(file)) {
      if (isThere(program)) continue;
      missing.set(program, [...(missing.get(program) ?? []), file]);
    }
  }
  return [...missing].map(([program, files]) => ({ program, files, hint: hintFor(program) }));
}

function needsOf(file) {
  const first = readFileSync(join(root, file), "utf8").split("\n", 1)[0];
  const names = /^\/\/ needs: (.+)$/.exec(first)?.[1] ?? "";
  return names
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

const known = new Map();
function isThere(program) {
  if (!known.has(program)) known.set(program, OTHERS[program]?.there() ?? onPath(program));
  return known.get(program);
}

function onPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => folder && existsSync(join(folder, program)));
}

function hintFor(program) {
  return OTHERS[program]?.hint ?? `Debian package ${PACKAGES[program] ?? program}`;
}

function testFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "fixtures" ? [] : testFiles(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}
