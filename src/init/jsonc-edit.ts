import { createScanner, findNodeAtLocation, type JSONPath, type Node, parseTree } from "jsonc-parser";

// The scanner's kinds of token; its enum cannot be imported as a value.
const COMMA = 5;
const END = 17;

/*
 * Edits that touch nothing else. The library's own reformat the neighbours and lose comments, so only its parser is used.
 */

/** Puts a value at a path of a JSONC text: replaces what is there, or adds a last property or list element (`path` ends in `-1`). */
export function putAt(text: string, path: JSONPath, value: unknown): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const last = path.at(-1) ?? "";
  const found = tree && last !== -1 ? findNodeAtLocation(tree, path) : undefined;
  if (found) {
    const printed = print(value, lineIndent(text, found.offset), unitOf(text));
    return text.slice(0, found.offset) + printed + text.slice(found.offset + found.length);
  }
  const container = tree && findNodeAtLocation(tree, path.slice(0, -1));
  if (container) return insert(text, container, last === -1 ? null : String(last), value);
  return putAt(text, path.slice(0, -1), last === -1 ? [value] : { [last]: value });
}

function insert(text: string, container: Node, key: string | null, value: unknown): string {
  const unit = unitOf(text);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const base = lineIndent(text, container.offset);
  const child = container.children?.at(-1);
  const name = key === null ? "" : `${JSON.stringify(key)}: `;
  const end = container.offset + container.length - 1;
  if (!child) {
    const inner = text.slice(container.offset + 1, end).trimEnd(); // Comments of an empty list stay.
    const entry = `${base}${unit}${name}${print(value, base + unit, unit, eol)}`;
    return `${text.slice(0, container.offset + 1)}${inner}${eol}${entry}${eol}${base}${text.slice(end)}`;
  }
  const childEnd = child.offset + child.length;
  const [, comma] = commasAround(text, child.offset, childEnd);
  const multiline = text.slice(container.offset, end).includes("\n");
  if (!multiline && (key === null || typeof value !== "object")) {
    const before = text.slice(0, end).trimEnd();
    const gap = text.slice(before.length, end);
    return `${before}${comma === null ? "," : ""} ${name}${JSON.stringify(value)}${key === null ? "" : gap}${text.slice(end)}`;
  }
  const indent = multiline ? lineIndent(text, child.offset) : base + unit;
  const entry = `${eol}${indent}${name}${print(value, indent, unit, eol)}`;
  const withComma = comma === null ? `${text.slice(0, childEnd)},${text.slice(childEnd)}` : text;
  // A comment behind the last entry stays on its line.
  const after = comma === null ? childEnd + 1 : comma + 1;
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*(?=[\r\n]))?/.exec(withComma.slice(after))?.[0] ?? "";
  const at = after + rest.trimEnd().length;
  return (
    withComma.slice(0, at) +
    entry +
    (multiline ? withComma.slice(at) : `${eol}${base}${withComma.slice(at).trimStart()}`)
  );
}

function print(value: unknown, indent: string, unit: string, eol = "\n"): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", eol + indent);
}

function lineIndent(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

/**
 * Takes one property or list element out of a JSONC text, with its comma and its line. */
export function removeAt(text: string, path: JSONPath): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const found = tree && findNodeAtLocation(tree, path);
  if (!found) return text;
  const node: Node = found.parent?.type === "property" ? found.parent : found;
  const [before, after] = commasAround(text, node.offset, node.offset + node.length);
  let start = node.offset;
  let end = after === null ? node.offset + node.length : after + 1;
  while (/[ \t]/.test(text[start - 1] ?? "")) start--;
  const isLastOnLine = after === null && text[start - 1] !== "\n";
  while (!isLastOnLine && /[ \t]/.test(text[end] ?? "")) end++;
  if (text[start - 1] === "\n" && /[\r\n]/.test(text[end] ?? "")) start -= text[start - 2] === "\r" ? 2 : 1;
  const rest = text.slice(end);
  const head = text.slice(0, start);
  // The last element has no comma, so remove the one before it.
  return (after === null && before !== null ? head.slice(0, before) + head.slice(before + 1) : head) + rest;
}

/** Offsets of the commas next to a node, comments passed over; null where there is none. */
function commasAround(text: string, start: number, end: number): [number | null, number | null] {
  const scanner = createScanner(text, true);
  let before: number | null = null;
  for (let kind: number = scanner.scan(); kind !== END; kind = scanner.scan()) {
    const at = scanner.getTokenOffset();
    if (at >= end) return [before, kind === COMMA ? at : null];
    if (at < start) before = kind === COMMA ? at : null;
  }
  return [before, null];
}
