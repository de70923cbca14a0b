/** A text that a runner hands to a shell. */
export interface Script {
  /** `package.json "lint:fix"`, `Makefile`. */
  readonly label: string;
  readonly text: string;
  /** Folder that it runs in. */
  readonly folder: string;
  /** What of the text is run, when it is a whole build file. */
  readonly runs?: string;
}
