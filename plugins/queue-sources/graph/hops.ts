import type { Entity } from "./catalog.ts";

/** An entity and the changed file that leads to it. */
export interface Reached {
  readonly entity: Entity;
  readonly file: string;
  /** The entity that the file is about, when this one is only linked with it. */
  readonly via: string | null;
}

/** Generic names of files and folders. */
const GENERIC = new Set(
  `index main mod lib init setup app common core base util utils helper helpers type types const constants config
  settings test tests spec docs doc src source sources packages plugins scripts bin build dist readme changelog license
  package model models view views server client api data public assets fixtures examples`.split(/\s+/),
);

/**
 * Entities that the changed files are about (a source that names the file; a slug or name that is exactly the file's or its
 * folder's), then those one link away. Exact matches only.
 */
export function withinOneHop(entities: readonly Entity[], changed: readonly string[]): readonly Reached[] {
  const byName = new Map<string, Entity>();
  for (const entity of entities) {
    for (const name of [...entity.aliases, entity.slug]) byName.set(kebab(name), entity);
  }
  const seeds = new Map<string, Reached>();
  const seed = (entity: Entity, file: string) => {
    if (!seeds.has(entity.slug)) seeds.set(entity.slug, { entity, file, via: null });
  };
  for (const file of changed) {
    for (const entity of entities) if (entity.sources.some((source) => namesFile(source, file))) seed(entity, file);
    for (const name of namesOf(file)) {
      const entity = byName.get(name);
      if (entity) seed(entity, file);
    }
  }
  const bySlug = new Map(entities.map((entity) => [entity.slug, entity]));
  const neighbours = new Map<string, Reached>();
  for (const { entity, file } of seeds.values()) {
    for (const slug of [...entity.out, ...entity.in]) {
      const next = bySlug.get(slug);
      if (next && !seeds.has(slug) && !neighbours.has(slug))
        neighbours.set(slug, { entity: next, file, via: entity.slug });
    }
  }
  return [...seeds.values(), ...neighbours.values()];
}

/** Names that a file goes by: its own, its folder's, and both together. */
export function namesOf(file: string): readonly string[] {
  const parts = file.split("/");
  const own = kebab((parts.at(-1) ?? "").replace(/\.[^.]+$/, "").replace(/[._-](?:test|spec|d)$/i, ""));
  const folder = kebab(parts.at(-2) ?? "");
  const telling = [own, folder].filter((name) => name.length >= 3 && !GENERIC.has(name));
  return [...new Set(telling.length === 2 ? [...telling, `${folder}-${own}`] : telling)];
}

/** Whether a source (a path, or the address of a file) is this very file. */
function namesFile(source: string, file: string): boolean {
  const path = source.replace(/[#?].*$/, "").replace(/^\.\//, "");
  return path === file || (file.includes("/") && path.endsWith(`/${file}`));
}

function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
}
