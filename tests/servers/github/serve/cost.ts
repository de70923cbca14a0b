import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/** What GitHub charges for a query, and what it refuses about it. */
export interface Cost {
  points: number;
  nodes: number;
  /** Messages for connections without `first` or `last`, or with more than 100. */
  errors: string[];
}

/**
 * GitHub's published formula: the requests needed to fulfil each connection, every one taken at its `first` or
 * `last` limit, divided by 100, rounded, at least 1.
 * Source: docs.github.com, "Rate limits and query limits for the GraphQL API".
 */
export function costOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const total = { requests: 0, nodes: 0, errors: [] as string[] };

  const field = (node: FieldNode, parent: GraphQLNamedType, factor: number) => {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    const definition = parent.getFields()[node.name.value];
    if (!definition) return;
    const type = getNamedType(definition.type);
    let inner = factor;
    if (type.name.endsWith("Connection")) {
      const size = pageSize(node, variables);
      const name = node.name.value;
      if (size === null && listsItems(node))
        total.errors.push(
          `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
        );
      else if (size !== null && size > 100)
        total.errors.push(
          `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
        );
      total.requests += factor;
      inner = factor * (size ?? 1);
      total.nodes += inner;
    }
    if (node.selectionSet) selection(node.selectionSet, type, inner);
  };

  const selection = (set: SelectionSetNode, parent: GraphQLNamedType, factor: number) => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) field(node, parent, factor);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        const name = node.typeCondition?.name.value;
        selection(node.selectionSet, name ? schema.getType(name)! : parent, factor);
      } else {
        const fragment = fragments.get(node.name.value);
        if (fragment) selection(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)!, factor);
      }
    }
  };

  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(node.operation);
    if (root) selection(node.selectionSet, root, 1);
  }
  return { points: Math.max(1, Math.round(total.requests / 100)), nodes: total.nodes, errors: total.errors };
}

/** Whether it asks for more than a count: GitHub wants a limit only then, and gh counts on it (`commits{totalCount}` of `gh pr view`). */
function listsItems(node: FieldNode): boolean {
  const wanted = node.selectionSet?.selections ?? [];
  return wanted.some((item) => item.kind !== Kind.FIELD || item.name.value === "nodes" || item.name.value === "edges");
}

function pageSize(node: FieldNode, variables: Record<string, unknown>): number | null {
  for (const argument of node.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const value = valueFromASTUntyped(argument.value, variables);
    if (typeof value === "number") return value;
  }
  return null;
}
