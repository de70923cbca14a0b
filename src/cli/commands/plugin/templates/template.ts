/** What can be written. */
export const TYPES = ["source", "wait-kind", "notifier"] as const;

/** One of {@link TYPES}. */
export type PartType = (typeof TYPES)[number];

/** One file of a new plugin. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

/** Files of a plugin in one language, and the commands that test it. */
export type Template = (
  type: PartType,
  name: string,
) => { readonly files: readonly TemplateFile[]; readonly next: readonly string[] };
