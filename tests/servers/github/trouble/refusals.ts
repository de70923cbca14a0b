import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import type { Reply } from "../rest/reply.ts";

/** What GitHub refuses, by its reason. */
export type Refusal =
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "RESOURCE_LIMITS_EXCEEDED"
  | "SERVICE_UNAVAILABLE"
  | "saml"
  | "ip-allow-list"
  | "scopes";

interface Words {
  type: string;
  message: string;
  /** `extensions` of the GraphQL error. */
  extensions?: Record<string, unknown>;
  /** REST: status and headers. */
  status: number;
  headers?: Record<string, string>;
}

/**
 * The words of each refusal, as GitHub sends them.
 *
 * Sources. saml: fwouts/prmonitor#1042 (body and headers whole), docs.github.com "Authenticating to the REST API", `X-GitHub-SSO`.
 * ip-allow-list: the text as public clients keep it (getsentry/sentry, centraldigital's review bot: type FORBIDDEN, `saml_failure: false`).
 * scopes: "Your token has not been granted the required scopes …" (schustafa/gh-pairing-with, cli/cli's list of ignorable errors).
 * RESOURCE_LIMITS_EXCEEDED: GitHub changelog 2025-09-01; the message as users quote it. FORBIDDEN: fine-grained tokens.
 */
const words: Record<Refusal, Words> = {
  FORBIDDEN: { type: "FORBIDDEN", message: "Resource not accessible by personal access token", status: 403 },
  NOT_FOUND: { type: "NOT_FOUND", message: "Could not resolve to a node.", status: 404 },
  RESOURCE_LIMITS_EXCEEDED: {
    type: "RESOURCE_LIMITS_EXCEEDED",
    message: "Resource limits for this query exceeded.",
    status: 200,
  },
  SERVICE_UNAVAILABLE: {
    type: "SERVICE_UNAVAILABLE",
    message:
      "Something went wrong while executing your query. Please include the request ID when reporting this issue.",
    status: 503,
  },
  saml: {
    type: "FORBIDDEN",
    message:
      "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    extensions: { saml_failure: true },
    status: 403,
    headers: { "x-github-sso": "required; url=https://github.com/orgs/octo/sso?authorization_request=A1B2" },
  },
  "ip-allow-list": {
    type: "FORBIDDEN",
    message:
      "Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
    extensions: { saml_failure: false },
    status: 403,
  },
  scopes: {
    type: "INSUFFICIENT_SCOPES",
    message:
      "Your token has not been granted the required scopes to execute this query. The 'login' field requires one of the following scopes: ['read:org'], but your token has only been granted the: ['repo'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.",
    status: 403,
    headers: { "x-oauth-scopes": "repo", "x-accepted-oauth-scopes": "read:org" },
  },
};

/** The entry of `errors` that stands beside a null. */
export function refusalError(what: Refusal, info?: GraphQLResolveInfo): GraphQLError {
  const { type, message, extensions } = words[what];
  const nodes = info?.fieldNodes;
  return new GraphQLError(message, { nodes, extensions: { type, ...(extensions ? { github: extensions } : {}) } });
}

/** The answer to a whole REST request, or to a GraphQL query that is refused as a whole. */
export function refusalReply(what: Refusal, isQuery: boolean): Reply {
  const { type, message, extensions, status, headers } = words[what];
  if (isQuery) return { status: 200, body: { data: null, errors: [{ type, message, extensions }] }, headers };
  return {
    status: status === 200 ? 403 : status,
    body: { message: what === "NOT_FOUND" ? "Not Found" : message },
    headers,
  };
}
