import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSchema, type GraphQLSchema, isEnumType } from "graphql";

/** Enums of which a scenario may show a value that GitHub does not have yet. */
const open = [
  "CheckConclusionState",
  "CheckStatusState",
  "StatusState",
  "MergeStateStatus",
  "PullRequestReviewDecision",
  "DeploymentStatusState",
  "DeploymentState",
  "MergeQueueEntryState",
  "MergeableState",
];

let cached: GraphQLSchema | undefined;

/** GitHub's published schema. */
export function githubSchema(): GraphQLSchema {
  cached ??= load();
  return cached;
}

function load(): GraphQLSchema {
  const path = fileURLToPath(new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema")));
  const schema = buildSchema(readFileSync(path, "utf8"), { assumeValidSDL: true });
  for (const name of open) {
    const type = schema.getType(name);
    if (isEnumType(type)) type.serialize = (value) => String(value);
  }
  return schema;
}
