import { iso, isoOrNull } from "../clock.ts";
import type { Comment, Reaction } from "../conversation.ts";
import type { Pull } from "../pull.ts";
import { repoUrl } from "./repository.ts";

const BOT = /\[bot\]$/;

/**
 * Who did something. An app's login has no `[bot]` in GraphQL, which REST puts behind it.
 * Source: GraphQL, `Actor` and its type `Bot`; public answers of both for the same comment.
 */
export function viewActor(login: string): object {
  const isBot = BOT.test(login);
  const bare = login.replace(BOT, "");
  return { __typename: isBot ? "Bot" : "User", id: `${isBot ? "BOT" : "U"}_${bare}`, login: bare, name: bare };
}

/** The association of an author, for whom none is given. */
export function associationOf(login: string, given: string | undefined): string {
  return given ?? (BOT.test(login) ? "NONE" : "MEMBER");
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
    lastEditedAt: isoOrNull(comment.editedAt ?? null),
    isMinimized: false,
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
