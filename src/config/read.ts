import type { Document } from "yaml";
import { isObject } from "../base/json.ts";
import { readSmallFile, withoutMark } from "../base/small-file.ts";
import { errorCode, errorText } from "../core/errors.ts";

/** Names of the blocks that are ours. */
export const BLOCK_NAMES = ["ci_watch", "ci_heal"] as const;

/** The blocks of one file as written; absent ones are undefined. */
export type RawBlocks = { readonly [K in (typeof BLOCK_NAMES)[number]]?: unknown };

/** A configuration file: its blocks, or what is wrong with the file as a whole. Null: there is no such file. */
export type RawFile = { readonly blocks: RawBlocks; readonly problem?: string } | null;

/** Parsing takes a second for each megabyte, in every hook. */
const MAX_BYTES = 256 * 1024;

/** Reads a YAML file and keeps p9's blocks; the rest is not checked. */
export async function readBlocks(path: string): Promise<RawFile> {
  let text: string;
  try {
    text = withoutMark(readSmallFile(path, MAX_BYTES));
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    return { blocks: {}, problem: `Cannot read "${path}": ${errorText(error)}` };
  }
  const { parseDocument, isMap, isScalar } = await import("yaml");
  const document = parseDocument(text, { merge: true, logLevel: "silent" });
  const ours = isMap(document.contents)
    ? document.contents.items.filter(
        ({ key }) => isScalar(key) && (BLOCK_NAMES as readonly unknown[]).includes(key.value),
      )
    : [];
  const error = document.errors.find((problem) => problem.code !== "DUPLICATE_KEY" || touches(problem.pos, ours));
  if (error) return { blocks: {}, problem: `Cannot read "${path}": ${firstLine(error.message)}` };
  try {
    return blocksOf(document, path);
  } catch (cause) {
    return { blocks: {}, problem: `Cannot read "${path}": ${firstLine(errorText(cause))}` };
  }
}

function blocksOf(document: Document, path: string): RawFile {
  const content: unknown = document.toJS() ?? {};
  if (!isObject(content))
    return { blocks: {}, problem: `Cannot read "${path}": wanted blocks such as "ci_watch:" at the top` };
  return { blocks: Object.fromEntries(BLOCK_NAMES.map((name) => [name, content[name]])) };
}

/** Whether a position lies in one of these pairs of a map. Duplicate keys in other blocks are ignored. */
function touches(
  pos: readonly [number, number],
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
): boolean {
  return pairs.some(({ key, value }) => {
    const from = rangeOf(key)?.[0] ?? Number.POSITIVE_INFINITY;
    const to = rangeOf(value)?.[2] ?? rangeOf(key)?.[2] ?? -1;
    return pos[0] >= from && pos[0] <= to;
  });
}

function rangeOf(node: unknown): readonly number[] | null {
  return isObject(node) && Array.isArray(node.range) ? node.range : null;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? message;
}
