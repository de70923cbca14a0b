import { GraphQLError } from "graphql";

/** An error with GitHub's `type` beside its message. */
export function githubError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** What a fine-grained token gets for a field that it may not read. */
export function forbidden(): GraphQLError {
  return githubError("FORBIDDEN", "Resource not accessible by personal access token");
}
