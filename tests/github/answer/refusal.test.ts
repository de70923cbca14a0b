import { expect, test } from "vitest";
import { causeOf, type Refusal, refused } from "../../../src/github/answer/refusal.ts";

const sso =
  "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to an organization";
const sent = "https://github.com/orgs/acme/sso?authorization_request=A1";

test.each<[string, Refusal, string]>([
  ["single sign-on, in words", { message: sso }, "single sign-on (gh auth refresh)"],
  [
    "single sign-on, in the header alone",
    { message: "Not Found", headers: { "x-github-sso": `required; url=${sent}` } },
    `single sign-on (gh auth refresh, or ${sent})`,
  ],
  [
    "an IP allow list",
    {
      message:
        "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and 192.0.2.1 is not permitted",
    },
    'an address that the IP allow list of "acme" permits',
  ],
  [
    "scopes, by GraphQL",
    {
      message:
        "Your token has not been granted the required scopes to execute this query. The 'login' field requires one of the following scopes: ['read:org'], but your token has only been granted the: ['repo'] scopes.",
    },
    'a token with the scope "read:org" (gh auth refresh --scopes read:org)',
  ],
  [
    "scopes, by the headers",
    {
      message: "Must have the required scopes",
      headers: { "x-accepted-oauth-scopes": "repo, security_events" },
    },
    'a token with the scope "repo" or "security_events" (gh auth refresh --scopes repo)',
  ],
  [
    "a kind of token",
    { message: "`acme` forbids access via a personal access token (classic). Please use a GitHub App" },
    "a token of a kind that the organization allows",
  ],
  ["an archive", { message: "Repository was archived so is read-only." }, "taken out of the archive by an admin"],
  ["Actions turned off", { message: "GitHub Actions has been disabled for this repository" }, "Actions to be enabled"],
  ["a block", { message: "Repository access blocked" }, "GitHub to lift the block"],
  ["admin rights", { message: "Must have admin rights to Repository." }, "admin rights in the repository"],
  [
    "the page that GitHub points to",
    {
      message: "Forbidden",
      documentation:
        "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
    },
    "single sign-on",
  ],
])("a refusal is read before it is named: %s", (_, said, needs) => {
  const error = refused({ status: 403, ...said });
  expect(error).toMatchObject({ problem: "forbidden", lasting: true, needs: expect.stringContaining(needs) });
});

test("what passes by itself needs nobody", () => {
  const busy = refused({ message: "The workflow run containing this job is already running", status: 403 });
  expect(busy).toMatchObject({ problem: "busy", lasting: false, needs: undefined });
  expect(busy.message).toBe("GitHub says: The workflow run containing this job is already running");
  const old = { message: "Unable to retry this workflow run because it was created over a month ago" };
  expect(refused(old)).toMatchObject({ problem: "refused" });
});

test("a bare refusal is a missing right: the one that GitHub names, else the one that is known here", () => {
  const message = "Resource not accessible by personal access token";
  expect(causeOf({ message })).toBeNull();
  const headers = { "x-accepted-github-permissions": "actions=write; checks=read,pull_requests=read" };
  expect(refused({ message, headers }, { verb: "do" })).toMatchObject({
    message: `GitHub does not let this token do it: ${message}`,
    needs: 'a token with the permission "Actions: write"',
  });
  expect(refused({ message }, { what: "the checks", needs: "Checks: read" })).toMatchObject({
    message: `GitHub does not let this token read the checks: ${message}`,
    needs: "Checks: read",
  });
});
