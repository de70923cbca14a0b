import type { Json } from "../core/json.ts";

/** GitHub as p9 asks it: through `gh api` and `gh api graphql`, with the user's login, host and proxy. */
export interface GitHub {
  /** Runs one GraphQL query. */
  graphql<T>(query: string, variables?: Readonly<Record<string, Json>>): Promise<T>;
  /** One REST request; `path` without a leading slash. */
  rest<T>(path: string, options?: RestOptions): Promise<T>;
}

/** Options of {@link GitHub.rest}. */
export interface RestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: Json;
  /** Follow the pages of a list. */
  readonly paginate?: boolean;
}
