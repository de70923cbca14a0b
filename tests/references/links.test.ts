import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/p9.ts";

const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "references"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `references/${name}`),
];

/** What the package holds, in which the pages are read too. npm adds those of the root. */
const SHIPPED: readonly string[] = [
  "README.md",
  "LICENSE",
  ...JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).files.map((name: string) => name.replace(/\/$/, "")),
];

/** A page's text without its code. */
function prose(page: string): string {
  return readFileSync(join(ROOT, page), "utf8")
    .replace(/^(`{3,})[\s\S]*?^\1$/gm, "")
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()#]/g, ""));
}

/** The anchors of a page, made from its headings as GitHub makes them. Source: github/markup, `toc_filter`. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = [
    ...readFileSync(join(ROOT, page), "utf8")
      .replace(/^(`{3,})[\s\S]*?^\1$/gm, "")
      .matchAll(/^#{1,6} (.+)$/gm),
  ].map(([, heading = ""]) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim();
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(anchors);
}

/** What is wrong with a link of a page, or null. An address of the web is not asked. */
function wrongOf(page: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return null;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, file))) return `${page}: no file ${target}`;
  if (!SHIPPED.some((part) => `${file}/`.startsWith(`${part}/`))) return `${page}: ${target} is not in the package`;
  if (anchor === undefined || anchorsOf(file).has(anchor)) return null;
  return `${page}: no heading for ${target}`;
}

test("the reader of links and headings sees them", () => {
  expect(anchorsOf("references/plugin-api.md").size).toBeGreaterThan(50);
  expect(wrongOf("README.md", "references/nothing.md")).not.toBeNull();
  expect(wrongOf("README.md", "references/states.md#nothing")).not.toBeNull();
});

test("every relative link of README and references leads to a file, and every anchor to a heading", () => {
  const links = PAGES.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ page, target })),
  );
  expect(links.length).toBeGreaterThan(100);
  expect(links.flatMap(({ page, target }) => wrongOf(page, target) ?? [])).toEqual([]);
});
