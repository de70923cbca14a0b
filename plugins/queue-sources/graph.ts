import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import {
  type DiscoverContext,
  defineQueueSource,
  type FoundItem,
  readSmallFile,
  UnavailableError,
} from "../../src/plugin.ts";
import { parseCatalog } from "./graph/catalog.ts";
import { namesOf, type Reached, withinOneHop } from "./graph/hops.ts";
import { type KnowledgePlaces, knowledgePlaces } from "./graph/places.ts";
import { askLoader, queryPage, repositoryPrograms } from "./graph/programs.ts";

/** Most entities whose pages are read. */
const PAGES = 8;

/** Offers pages of the knowledge graph within one link of the files that the pull request touches: they may be out of date. */
export default defineQueueSource({
  name: "graph",
  summary: "Knowledge that is one link from the changed files",
  timeoutS: 10,
  discover: async (context) => {
    const places = await knowledgePlaces(context.env, context.cwd);
    const text = readOrNull(places.catalog);
    // Without a catalog the graph's own loader finds nothing either.
    if (text === null) throw new UnavailableError(`no catalog "${places.catalog}"`, { absent: !places.named });
    const changed = await context.changedFiles();
    const entities = await readEntities(context, text, changed);
    const reached = withinOneHop(entities, changed).slice(0, context.limit);
    return Promise.all(reached.map((one, index) => asItem(context, places, one, index < PAGES)));
  },
  runs: async ({ root }) => repositoryPrograms(root),
});

async function readEntities(context: DiscoverContext, text: string, changed: readonly string[]) {
  const entities = parseCatalog(text);
  if (entities.length > 0) return entities;
  // The graph's own loader may know the form of this catalog.
  const words = [...new Set(changed.flatMap(namesOf))].slice(0, 20);
  const found = await askLoader(context, words);
  if (found) return found;
  throw new UnavailableError("the catalog holds no entity that can be read");
}

async function asItem(
  context: DiscoverContext,
  places: KnowledgePlaces,
  reached: Reached,
  read: boolean,
): Promise<FoundItem> {
  const { entity, file, via } = reached;
  const path = pagePath(places, entity.path);
  const page = read ? (readOrNull(path) ?? (await queryPage(context, entity.slug))) : null;
  const question = page && openQuestion(page);
  const reason = via ? `linked with "${via}", which ${file} is about` : `about ${file}`;
  const claim = entity.claim ? `, which says: ${entity.claim}` : "";
  const inside = context.root !== null && path ? relative(context.root, path) : "";
  return {
    item: question
      ? `Answer an open question of the knowledge page "${entity.slug}" (${reason}): ${question}`
      : `Check whether the knowledge page "${entity.slug}"${claim} still holds after the change (${reason})`,
    key: `${entity.slug}@${context.pr ? `${context.pr.repo}#${context.pr.number}` : (context.repo ?? context.root ?? "")}`,
    why: via ? `one link from ${file}, through "${via}"` : `about ${file}`,
    minutes: 10,
    tier: "none",
    ...(inside && !inside.startsWith("..") ? { files: [inside] } : {}),
  };
}

/** Catalogs name pages from the folder of entities, `kg.py` from the root of the graph. */
function pagePath({ entities, root }: KnowledgePlaces, path: string): string {
  if (!path) return "";
  const candidates = [join(entities, path), join(root, path)];
  return candidates.find((candidate) => existsSync(candidate)) ?? join(entities, path);
}

/** The first entry below a heading "Open Questions" that is not ticked off. */
function openQuestion(page: string): string | null {
  const section = /^##+\s+open questions\s*$([\s\S]*?)(?=^#|(?![\s\S]))/im.exec(page)?.[1] ?? "";
  const lines = section.split("\n").map((line) => line.trim());
  const entry = lines.find((line) => /^(?:[-*]|\d+[.)])\s/.test(line) && !/\[[xX]\]|~~/.test(line));
  const text = entry?.replace(/^(?:[-*]|\d+[.)])\s+(?:\[ \]\s*)?/, "").trim();
  return text && !/^(?:none|n\/a|-)\.?$/i.test(text) ? text : null;
}

function readOrNull(path: string): string | null {
  try {
    return path ? readSmallFile(path, 16 * 1024 * 1024) : null;
  } catch {
    return null;
  }
}
