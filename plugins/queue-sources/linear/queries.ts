/** The issue that the pull request is about, by its branch and by the identifiers that it names. */
export const NAMED = `query P9Named($branch: String!, $named: IssueFilter!) {
  branch: issueVcsBranchSearch(branchName: $branch) { ...Named }
  named: issues(first: 20, filter: $named) { nodes { ...Named } }
}
fragment Named on Issue { id identifier team { id } labels(first: 50) { nodes { name } } }`;

/** Issues of a cycle, a page at a time. */
export const CYCLE = `query P9Cycle($filter: IssueFilter!, $after: String) {
  issues(first: 50, after: $after, filter: $filter) {
    nodes { id identifier title url priority priorityLabel assignee { isMe } labels(first: 50) { nodes { name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
