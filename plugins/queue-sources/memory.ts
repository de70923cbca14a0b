import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { defineQueueSource, type FoundItem, readSmallFile, UnavailableError } from "../../src/plugin.ts";
import { memoryFolder } from "./client/memory-folder.ts";
import { flaggedEntries } from "./memory/entries.ts";

const DAY_MS = 86_400_000;
const MAX_FILE = 512 * 1024;

/** Entries of the project's auto memory that say "needs follow-up", written within the last 24 hours. */
export default defineQueueSource({
  name: "memory",
  summary: 'Entries of the auto memory that say "needs follow-up"',
  discover: async ({ env, cwd, root, clock, limit }) => {
    const folder = memoryFolder(env, cwd, root);
    const files = markdownFiles(folder);
    if (files === null) {
      const absent = !env.CLAUDE_COWORK_MEMORY_PATH_OVERRIDE;
      throw new UnavailableError(`no memory folder "${folder}"`, { absent });
    }
    const since = clock.now() - DAY_MS;
    const entries = files.flatMap((name) => {
      const path = join(folder, name);
      const { mtimeMs, size } = statSync(path);
      if (size > MAX_FILE) return [];
      return flaggedEntries(readSmallFile(path), mtimeMs).map((entry) => ({ ...entry, file: name }));
    });
    const fresh = entries.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
    return unique(fresh).slice(0, limit).map(asItem);
  },
});

type Found = ReturnType<typeof flaggedEntries>[number] & { readonly file: string };

function asItem({ text, file, line, at }: Found): FoundItem {
  return {
    item: text,
    key: createHash("sha256").update(text.toLowerCase().replace(/\W+/g, " ")).digest("hex").slice(0, 16),
    createdAt: at,
    why: `needs follow-up, ${file}:${line}`,
  };
}

/** Removes duplicates: an entry is often in the index and in its topic file, which says more. */
function unique(entries: readonly Found[]): readonly Found[] {
  const topics = new Set(entries.map(({ file }) => file));
  return entries.filter(({ links }) => !links.some((link) => topics.has(link)));
}

/** Markdown files of a folder and the folders in it, or null when there is no such folder. */
function markdownFiles(folder: string): readonly string[] | null {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.filter((name) => name.endsWith(".md") && !/(?:^|\/)\./.test(name)).sort();
  } catch {
    return null;
  }
}
