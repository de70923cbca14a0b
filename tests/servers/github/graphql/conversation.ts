import { iso, isoOrNull } from "../clock.ts";
import type { Comment, Reaction } from "../conversation.ts";
import type { Pull } from "../pull.ts";
import { repoUrl } from "./repository.ts";

const BOT = /\[bot\]$/;

/**
 * Who did something. An app's login has no `[bot]` in GraphQL, which REST puts behind it.
 * Source: GraphQL, `Actor` and its type `Bot`; public answers of both for the same comment.
 */
export function viewActor(login: string): object | null {
  // Of an account that is gone GraphQL shows nothing, and the page "ghost": anthropics/claude-code-action#1489, giscus/giscus#391.
  if (login === "ghost") return null;
  const isBot = BOT.test(login);
  const bare = login.replace(BOT, "");
  return { __typename: isBot ? "Bot" : "User", id: `${isBot ? "BOT" : "U"}_${bare}`, login: bare, name: bare };
}

/** The association of an author, for whom none is given. */
export function associationOf(login: string, given: string | undefined): string {
  return given ?? (BOT.test(login) ? "NONE" : "MEMBER");
}

/** The last edit of a comment: an edit has a time and an editor, what was never edited neither. Source: GraphQL, `Comment`. */
export function viewEdit({ editedAt, editor, author }: Pick<Comment, "editedAt" | "editor" | "author">): object {
  const isEdited = editedAt !== undefined;
  return { lastEditedAt: isoOrNull(editedAt ?? null), editor: isEdited ? viewActor(editor ?? author) : null };
}

/** A comment on the pull request itself. */
export function viewIssueComment(comment: Comment, pull: Pull): object {
  const index = pull.comments.indexOf(comment);
  const at = comment.at ?? pull.createdAt;
  return {
    __typename: "IssueComment",
    id: `IC_${pull.number}_${index}`,
    databaseId: 700_000 + pull.number * 1000 + index,
    author: viewActor(comment.author),
    authorAssociation: associationOf(comment.author, comment.association),
    viewerDidAuthor: comment.author === pull.repo.world.viewer,
    body: comment.body,
    createdAt: iso(at),
    updatedAt: iso(comment.editedAt ?? at),
    publishedAt: iso(comment.publishedAt ?? at),
    ...viewEdit(comment),
    isMinimized: comment.minimized ?? false,
    url: `${repoUrl(pull.repo)}/pull/${pull.number}#issuecomment-${700_000 + index}`,
  };
}

/** A reaction. An app is no `User`, so its reaction has none. Source: GraphQL, `Reaction.user` is of the type `User`; REST shows the app. */
export function viewReaction(reaction: Reaction, pull: Pull): object {
  return {
    id: `REA_${pull.number}_${pull.reactions.indexOf(reaction)}`,
    content: reaction.content,
    createdAt: iso(reaction.at ?? pull.createdAt),
    user: BOT.test(reaction.author) ? null : viewActor(reaction.author),
  };
}
