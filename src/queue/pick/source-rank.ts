import { queueSources } from "../../../plugins/queue-sources/registry.ts";

/** Names of the built-in sources, in the order in which they are asked. */
export const BUILT_IN_SOURCES: readonly string[] = Object.keys(queueSources);

/** The rank of a source: built-in ones in their order, third parties after them. */
export function sourceRank(source: string): number {
  const index = BUILT_IN_SOURCES.indexOf(source);
  return index < 0 ? BUILT_IN_SOURCES.length : index;
}
