// needs: groff
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/program/table.ts";
import { EXIT_TEXT } from "../../../src/core/exit-codes.ts";
import { ROOT, sandbox } from "../../helpers/p9.ts";

const FOLDER = join(ROOT, "dist", "man");
const page = (file: string) => readFileSync(join(FOLDER, file), "utf8");
/** A page as a terminal shows it, and what groff has to say of it. */
function shown(file: string) {
  const args = ["-ww", "-b", "-man", "-Tutf8", "-P-cbou", "-rLL=200n", join(FOLDER, file)];
  const { stdout, stderr } = spawnSync("groff", args, { encoding: "utf8" });
  return { text: stdout, warnings: stderr };
}

describe("the manual that a build makes", () => {
  test("has a page for every command that is not hidden, and one for p9", () => {
    const names = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => `p9-${name}.1`);
    expect(readdirSync(FOLDER).sort()).toEqual(["p9.1", ...names].sort());
    // npm links what package.json names, one by one.
    const { man } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(man).toEqual(
      readdirSync(FOLDER)
        .map((file) => `dist/man/${file}`)
        .sort(),
    );
  });

  test("renders without a warning, with the sections that a page has", () => {
    for (const file of readdirSync(FOLDER)) {
      const { text, warnings } = shown(file);
      expect(warnings, file).toBe("");
      const sections = [...text.matchAll(/^[A-Z][A-Z ]+$/gm)].map(([title]) => title);
      expect(sections, file).toEqual(
        expect.arrayContaining(["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "ENVIRONMENT"]),
      );
      if (file !== "p9.1")
        expect(
          sections.some((title) => title === "OPTIONS" || title === "COMMANDS"),
          file,
        ).toBe(true);
    }
  });

  test("p9(1) says what every exit code means, and where files are", () => {
    const { text } = shown("p9.1");
    for (const [code, meaning] of Object.entries(EXIT_TEXT))
      expect(text).toMatch(new RegExp(`^ +${code} +${meaning}$`, "m"));
    expect(text).toContain("config.yaml");
    expect(text).toContain("BROOMVA_P9_HOME");
  });

  test.each([["watch"], ["status"], ["wait-queue", "push"]])(
    "the page of %s has every option of its help",
    async (...words) => {
      const help = (await sandbox().p9([...words, "--help"])).stdout;
      const { text } = shown(`p9-${words[0]}.1`);
      const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
      expect(options.length).toBeGreaterThan(4);
      expect(options.filter((name) => !text.includes(name ?? ""))).toEqual([]);
      // An example is typed as it is printed.
      expect(page(`p9-${words[0]}.1`)).toContain(".nf\n    $ p9 ");
    },
  );

  test("the page of watch has the options that each kind adds", () => {
    const { text } = shown("p9-watch.1");
    for (const option of ["--exit-file", "--pointer", "--fail-codes"]) expect(text).toContain(option);
  });
});
