/** One place of the file system as a confined command sees it. */
export type Mount =
  | { readonly kind: "empty"; readonly to: string }
  | { readonly kind: "read" | "write"; readonly from: string; readonly to: string };

/** What a confined command sees and may do. Whatever no mount names is there as it is, and cannot be written. */
export interface View {
  /** Outer folders before what lies in them. */
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  /** An empty folder for the mechanism's own use. */
  readonly base: string;
  /** Without it the command is alone on a loopback device of its own. */
  readonly network: boolean;
}

/** Turns a program and its arguments into the same, confined to a view. */
export type Confine = (view: View, argv: readonly string[]) => readonly string[];
