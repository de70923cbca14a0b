import { type DocumentNode, type ExecutionResult, execute, type GraphQLError, parse, validate } from "graphql";
import { iso } from "../clock.ts";
import { type Cost, costOf } from "../cost.ts";
import { githubSchema } from "../schema.ts";
import type { World } from "../world.ts";
import { pullId } from "./checks.ts";
import { githubError } from "./errors.ts";
import { viewPull } from "./pull-request.ts";
import { viewRepo } from "./repository.ts";

/** A GraphQL request as it arrives. */
export interface Query {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** The answer's body, and what it cost. */
export interface Answer {
  body: object;
  cost: Cost;
}

/** Parses, checks, prices and runs one query against GitHub's schema. */
export async function answer(world: World, { query, variables = {}, operationName }: Query): Promise<Answer> {
  const schema = githubSchema();
  const free = { points: 1, nodes: 0, errors: [] };
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { body: { errors: [{ message: String(error) }] }, cost: free };
  }
  const problems = validate(schema, document);
  if (problems.length > 0) return { body: { errors: problems.map(viewError) }, cost: free };
  const cost = costOf(schema, document, variables);
  if (cost.errors.length > 0) {
    const errors = cost.errors.map((message) => ({ type: "MISSING_PAGINATION_BOUNDARIES", message }));
    return { body: { errors }, cost };
  }
  if (!world.rate.charge("graphql", cost.points)) {
    return { body: { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded for user ID 1." }] }, cost };
  }
  const result = await execute({
    schema,
    document,
    variableValues: variables,
    operationName,
    rootValue: root(world, cost),
  });
  return { body: viewResult(result), cost };
}

function root(world: World, cost: Cost) {
  return {
    viewer: { __typename: "User", id: "U_viewer", login: world.viewer, name: world.viewer },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repo = world.find(`${owner}/${name}`);
      if (repo) return viewRepo(repo);
      throw githubError("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    node: ({ id }: { id: string }) => {
      for (const repo of world.repos.values()) {
        for (const pull of repo.pulls.values()) if (pullId(pull) === id) return viewPull(pull);
      }
      throw githubError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
    },
    rateLimit: () => {
      const { limit, remaining, used, resetAt } = world.rate.read("graphql");
      return { cost: cost.points, limit, nodeCount: cost.nodes, remaining, used, resetAt: iso(resetAt) };
    },
  };
}

function viewResult({ data, errors }: ExecutionResult): object {
  return errors ? { data, errors: errors.map(viewError) } : { data };
}

/** GitHub puts the error's type beside its message. */
function viewError({ message, path, locations, extensions }: GraphQLError): object {
  const type = extensions.type;
  return { ...(typeof type === "string" ? { type } : {}), path, locations, message };
}
