import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { type Env, isObject, readSmallFile } from "../../../src/plugin.ts";

/** Where a knowledge graph keeps its parts. */
export interface KnowledgePlaces {
  readonly root: string;
  readonly entities: string;
  readonly catalog: string;
  /** Whether a policy or a variable names it; else it is where graphs are by default. */
  readonly named: boolean;
}

/**
 * The graph that `cwd` belongs to: the block `knowledge:` of the nearest `.control/policy.yaml`, then `KG_ROOT`,
 * `KG_ENTITIES_DIR` and `KG_CATALOG`, then `~/broomva`. The order is that of `kg.py`; `KG_NO_POLICY=1` skips the policy.
 */
export async function knowledgePlaces(env: Env, cwd: string): Promise<KnowledgePlaces> {
  const home = env.HOME ?? "/";
  const expand = (path: string, base: string) => {
    const full = path.replace(/^~(?=\/|$)/, home);
    return isAbsolute(full) ? full : join(base, full);
  };
  let root = expand(env.KG_ROOT || env.BROOMVA_ROOT || join(home, "broomva"), cwd);
  let entities = env.KG_ENTITIES_DIR ? expand(env.KG_ENTITIES_DIR, cwd) : null;
  let catalog = env.KG_CATALOG ? expand(env.KG_CATALOG, cwd) : null;
  const policy = env.KG_NO_POLICY ? null : nearestPolicy(cwd);
  const block = policy && (await knowledgeBlock(policy));
  let named = Boolean(env.KG_ROOT || env.BROOMVA_ROOT || env.KG_ENTITIES_DIR || env.KG_CATALOG);
  if (policy && block && (block.root || block.entities_dir || block.catalog_path)) {
    named = true;
    const workspace = dirname(dirname(policy));
    root = block.root ? expand(block.root, workspace) : workspace;
    if (block.entities_dir) entities = expand(block.entities_dir, root);
    if (block.catalog_path) catalog = expand(block.catalog_path, root);
  }
  return {
    root,
    entities: entities ?? join(root, "research", "entities"),
    catalog: catalog ?? join(root, "docs", "knowledge-index.md"),
    named,
  };
}

function nearestPolicy(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, ".control", "policy.yaml");
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}

interface KnowledgeBlock {
  readonly root?: string;
  readonly entities_dir?: string;
  readonly catalog_path?: string;
}

async function knowledgeBlock(path: string): Promise<KnowledgeBlock> {
  const text = readSmallFile(path, 256 * 1024);
  if (!/^knowledge:/m.test(text)) return {};
  const { parse } = await import("yaml");
  try {
    const policy: unknown = parse(text);
    const block = isObject(policy) && isObject(policy.knowledge) ? policy.knowledge : {};
    const texts = Object.entries(block).filter(([, value]) => typeof value === "string" && value !== "");
    return Object.fromEntries(texts);
  } catch {
    return {}; // Commands that need the policy report an unreadable one.
  }
}
