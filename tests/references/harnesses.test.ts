import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { HARNESSES } from "../../src/harness/registry.ts";
import { SETUPS } from "../../src/init/harnesses/registry.ts";
import { ROOT } from "../helpers/p9.ts";

const PAGE = readFileSync(join(ROOT, "references/harnesses.md"), "utf8");
const rowsOf = (heading: string) => (PAGE.split(`## ${heading}\n`)[1] ?? "").split("\n## ")[0]?.split("\n") ?? [];

test.each(HARNESSES)("references/harnesses.md says what works in %s", (name) => {
  const [row] = rowsOf("Which client does what").filter((line) => line.includes(`| \`${name}\` |`));
  expect(row?.split("|")).toHaveLength(8);
});

test.each(Object.values(SETUPS))("references/harnesses.md names the files that are written for $name", (setup) => {
  const [row = ""] = rowsOf("What is written").filter((line) => line.startsWith(`| \`${setup.name}\` |`));
  const paths = setup.files({ env: { HOME: "/home" }, project: null }).map(({ path }) => path);
  const named = paths.filter((path) => row.includes(path.slice("/home/".length)) || row.includes(basename(path)));
  const inFolder = /`~\/([^`]+)\/`/.exec(row)?.[1];
  const left = paths.filter((path) => !named.includes(path) && !path.startsWith(`/home/${inFolder}/`));
  expect(left.filter((path) => !/settings\.json$/.test(path) || !row.includes("settings"))).toEqual([]);
});
