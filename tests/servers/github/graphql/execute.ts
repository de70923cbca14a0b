import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  type GraphQLError,
  parse,
  validate,
} from "graphql";
import { iso } from "../clock.ts";
import { githubSchema } from "../schema.ts";
import { type Cost, costOf } from "../serve/cost.ts";
import { withHoles } from "../trouble/holes.ts";
import type { World } from "../world.ts";
import { githubError } from "./errors.ts";
import { mutations } from "./mutations.ts";
import { findNode } from "./nodes.ts";
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
  const document = readQuery(query);
  if ("problems" in document) return { body: { errors: document.problems }, cost: free };
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
    fieldResolver: world.holes.any ? withHoles(world.holes, defaultFieldResolver) : defaultFieldResolver,
  });
  return { body: viewResult(result), cost };
}

/** Queries that were read before: a watch asks the same one again and again. */
const known = new Map<string, DocumentNode>();

function readQuery(query: string): DocumentNode | { problems: object[] } {
  const cached = known.get(query);
  if (cached) return cached;
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { problems: [{ message: String(error) }] };
  }
  const problems = validate(githubSchema(), document);
  if (problems.length > 0) return { problems: problems.map(viewProblem) };
  known.set(query, document);
  return document;
}

function root(world: World, cost: Cost) {
  return {
    viewer: { __typename: "User", id: "U_viewer", login: world.viewer, name: world.viewer },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repo = world.visible(`${owner}/${name}`);
      if (repo) return viewRepo(repo);
      throw githubError("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    ...mutations(world),
    node: ({ id }: { id: string }) => findNode(world, id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => findNode(world, id)),
    rateLimit: () => {
      const { limit, remaining, used, resetAt } = world.rate.read("graphql");
      return { cost: cost.points, limit, nodeCount: cost.nodes, remaining, used, resetAt: iso(resetAt) };
    },
  };
}

function viewResult({ data, errors }: ExecutionResult): object {
  return errors ? { data, errors: errors.map(viewError) } : { data };
}

/** GitHub names a field that its schema does not have by a code, and where the query has it. */
function viewProblem(error: GraphQLError): object {
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message) ?? [];
  if (field === undefined) return viewError(error);
  const extensions = { code: "undefinedField", typeName: type, fieldName: field };
  const message = `Field '${field}' doesn't exist on type '${type}'`;
  return { path: ["query p9", "r0", field], extensions, locations: error.locations, message };
}

/** GitHub puts the error's type beside its message. */
function viewError({ message, path, locations, extensions }: GraphQLError): object {
  const { type, github } = extensions;
  return {
    ...(typeof type === "string" ? { type } : {}),
    path,
    ...(github ? { extensions: github } : {}),
    locations,
    message,
  };
}
