/** A comment on the pull request itself, or in a review thread. A login that ends with `[bot]` is an app's, as REST has it. */
export interface Comment {
  author: string;
  body: string;
  /** `CommentAuthorAssociation`. Default `MEMBER`, `NONE` for bots. */
  association?: string;
  /** ms; default: when the pull request was opened. */
  at?: number;
  /** ms of its last edit. */
  editedAt?: number;
  /** Who edited it last. Default: its author. */
  editor?: string;
  /** ms when the review that it is part of was submitted. Default: when it was written. */
  publishedAt?: number;
  /** Somebody hid it. */
  minimized?: boolean;
  /** It is part of a review that its author has not submitted. */
  draft?: boolean;
}

/** A reaction to the pull request's description. Source: GraphQL, `ReactionContent`. */
export interface Reaction {
  author: string;
  content: "THUMBS_UP" | "THUMBS_DOWN" | "LAUGH" | "HOORAY" | "CONFUSED" | "HEART" | "ROCKET" | "EYES";
  at?: number;
}
