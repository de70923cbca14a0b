import { SOURCE_ORDER } from "../../contract/queue-source.ts";

const ORDER: readonly string[] = SOURCE_ORDER;

/** The place of a source: the five in their order, third parties after them. */
export function sourceRank(source: string): number {
  const index = ORDER.indexOf(source);
  return index < 0 ? SOURCE_ORDER.length : index;
}
