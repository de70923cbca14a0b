import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type DiscoverContext,
  isObject,
  readSmallFile,
  type TrustSubject,
  UnavailableError,
} from "../../../src/plugin.ts";
import type { Entity } from "./catalog.ts";

const TIMEOUT_MS = 4_000;
/** Where the graph's programs lie below a folder of skills. */
const LOADER = "kg/scripts/kg.py";
const PAGES = "bookkeeping/scripts/bookkeeping.py";

/** The trust subject of a program in the repository at `root`; null when there is none. */
function trustOf(
  root: string,
  path: string,
): (Required<Omit<TrustSubject, "fromHead">> & { readonly file: string }) | null {
  const file = join(root, "skills", path);
  if (!existsSync(file)) return null;
  return { file, subject: `queue source "graph": ${path}`, content: readSmallFile(file), command: `python3 ${file}` };
}

/** The programs of the graph that lie in the repository at `root`. */
export function repositoryPrograms(root: string): readonly TrustSubject[] {
  return [LOADER, PAGES].flatMap((path) => {
    const program = trustOf(root, path);
    if (!program) return [];
    const { subject, content, command } = program;
    return [{ subject, content, command }];
  });
}

/**
 * A program of the graph's skills (`kg/scripts/kg.py`), in the user's own folders; one in the repository only when it is
 * trusted. Null when there is none.
 */
async function findProgram(context: DiscoverContext, path: string): Promise<string | null> {
  const home = context.env.HOME ?? "/";
  const own = [join(home, ".claude", "skills", path), join(home, ".agents", "skills", path)].find((at) =>
    existsSync(at),
  );
  if (own) return own;
  const program = context.root ? trustOf(context.root, path) : null;
  return program && (await context.trusted(program.subject, program.content, program.command)) ? program.file : null;
}

/**
 * What the graph's loader finds for these words; null when there is no loader.
 *
 * @throws {UnavailableError} when it fails: a missing Python module is no empty graph.
 */
export async function askLoader(context: DiscoverContext, words: readonly string[]): Promise<readonly Entity[] | null> {
  const program = await findProgram(context, LOADER);
  if (!program || words.length === 0) return null;
  const topic = words.join(" ");
  const args = ["load", topic, "--n", "20", "--expand", "1", "--no-bodies", "--json", "--quiet"];
  const { code, stdout, stderr, notFound } = await context.exec(["python3", program, ...args], {
    timeoutMs: TIMEOUT_MS,
  });
  if (notFound) throw new UnavailableError("python3, which runs kg.py, is not installed");
  // Exit 1 means both "nothing fits" and a broken graph; only the message tells them apart.
  if (code !== 0 && /no (?:entities|match)/i.test(stderr)) return [];
  if (code !== 0) throw new UnavailableError(`kg.py ended with ${code}: ${lastLine(stderr)}`);
  return readMatches(stdout);
}

function readMatches(stdout: string): readonly Entity[] {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    throw new UnavailableError("kg.py printed no JSON");
  }
  const matches = isObject(answer) && Array.isArray(answer.matches) ? answer.matches : [];
  return matches.filter(isObject).flatMap((match) => {
    if (typeof match.slug !== "string") return [];
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    const list = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
    return [
      {
        slug: match.slug,
        type: text(match.type),
        status: text(match.status),
        claim: text(match.claim),
        out: list(match.out_links),
        in: list(match.in_links),
        aliases: list(match.aliases),
        sources: list(match.sources),
        path: text(match.path),
      },
    ];
  });
}

/**
 * The page of an entity with a certain slug, through `bookkeeping.py query`; null when it has none. The program always exits with
 * 0 and guesses near names, so only this very page counts.
 */
export async function queryPage(context: DiscoverContext, slug: string): Promise<string | null> {
  const program = await findProgram(context, PAGES);
  if (!program) return null;
  const { code, stdout, stderr } = await context.exec(["python3", program, "query", slug], { timeoutMs: TIMEOUT_MS });
  if (code !== 0) {
    context.log.warn(`bookkeeping.py query ended with ${code}: ${lastLine(stderr)}`);
    return null;
  }
  const page = /(?:^|\n)(\S[^\n]*\.md)\n─{10,}\n([\s\S]*)$/.exec(stdout);
  return page?.[1]?.endsWith(`/${slug}.md`) || page?.[1] === `${slug}.md` ? (page[2] ?? null) : null;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
