import { counted, oneLine } from "../../base/text.ts";
import { ExternalError, ForbiddenError } from "../../core/errors.ts";
import { type GitPlace, git } from "../../process/git.ts";

const LIMITS = { timeoutMs: 120_000, maxBytes: 512 * 1024 * 1024 };

/**
 * Refuses a commit whose tree has a symbolic link that leads out of the repository, or to git's own folder: what a heal's command
 * writes through it would not be in the heal. Links within are fine.
 *
 * @throws {ForbiddenError} (7) naming one of them.
 */
export async function requireLinksWithin(place: GitPlace, sha: string): Promise<void> {
  const links = await linksOf(place, sha);
  const exact = new Map(links.map(({ path, target }) => [path, target]));
  // The same as file systems see it that do not tell letters by case: there, two links may be one.
  const folded = new Map(links.map(({ path, target }) => [fold(path), target]));
  const out = links.filter(
    ({ path, target }) =>
      leadsOut(path, target, exact, (name) => name) ||
      leadsOut(path, target, folded, fold) ||
      folded.get(fold(path)) !== target,
  );
  const [first] = out;
  if (first === undefined) return;
  throw new ForbiddenError(
    `Cannot heal ${sha.slice(0, 12)}: ${counted(out.length, "link")} in it ${out.length === 1 ? "leads" : "lead"} out of the repository ("${oneLine(first.path, 80)}" to "${oneLine(first.target, 80)}")`,
    { hint: "a heal writes to its own worktree only; take the link out, or repair this one by hand" },
  );
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** Every symbolic link of a commit. */
async function linksOf(place: GitPlace, sha: string): Promise<Link[]> {
  const read = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, truncated } = await git(place, args, {
      ...LIMITS,
      ...(input === undefined ? {} : { input }),
    });
    if (code !== 0 || truncated) throw new ExternalError(`Cannot read the links of the commit ${sha.slice(0, 12)}`);
    return stdout;
  };
  const rows = (await read(["ls-tree", "-r", "-z", "--full-tree", sha])).split("\0");
  const found = rows.flatMap((row) => {
    const [, id, path] = /^120000 blob (\w+)\t(.+)$/s.exec(row) ?? [];
    return id && path ? [{ id, path }] : [];
  });
  if (found.length === 0) return [];
  const input = `${found.map(({ id }) => id).join("\n")}\n`;
  let rest = Buffer.from(await read(["cat-file", "--batch"], input), "utf8");
  return found.map(({ id, path }) => {
    const end = rest.indexOf("\n");
    const [named, , size] = rest.subarray(0, end).toString().split(" ");
    // Bytes that are no UTF-8 come back as others, and the sizes do not fit any more.
    if (named !== id) throw new ForbiddenError(`Cannot heal ${sha.slice(0, 12)}: one of its links is no text`);
    const target = rest.subarray(end + 1, end + 1 + Number(size)).toString();
    rest = rest.subarray(end + 1 + Number(size) + 1);
    return { path, target };
  });
}

const fold = (path: string) => path.normalize("NFC").toLowerCase();

/** So many links, one behind the other, are followed by no system. */
const MOST_LINKS = 40;

function leadsOut(
  path: string,
  target: string,
  links: ReadonlyMap<string, string>,
  name: (path: string) => string,
): boolean {
  const at = path.split("/").slice(0, -1);
  let todo = target.split("/");
  if (target.startsWith("/")) return true;
  for (let followed = 0; todo.length > 0; ) {
    const [part = "", ...more] = todo;
    todo = more;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (at.length === 0) return true;
      at.pop();
      continue;
    }
    at.push(part);
    const next = links.get(name(at.join("/")));
    if (next === undefined) continue;
    followed += 1;
    if (next.startsWith("/")) return true;
    if (followed > MOST_LINKS) return false;
    at.pop();
    todo = [...next.split("/"), ...todo];
  }
  return at[0]?.toLowerCase() === ".git";
}
