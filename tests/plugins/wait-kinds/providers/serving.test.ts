import { describe, expect, it, onTestFinished } from "vitest";
import { interpret } from "../../../../src/provider.ts";
import { pagesVendor } from "../../../servers/vendors/cloudflare.ts";
import { netlifyVendor } from "../../../servers/vendors/netlify.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { BORN, type DeployVendor, startDeployVendor } from "../../../servers/vendors/world.ts";
import { asker } from "./asking.ts";

const SHA = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";

/** Looks once at a deploy with these fields of the vendor's own. */
async function seen(
  vendor: DeployVendor,
  state: string,
  extra: object,
  more: { environment?: string; asked?: string } = {},
) {
  const server = await startDeployVendor(vendor);
  onTestFinished(() => server.close());
  server.world.items.push({
    id: vendor.ids[0],
    sha: SHA,
    state,
    at: BORN,
    extra: { ...extra },
    environment: more.environment,
  });
  const context = asker(vendor.env(server.url));
  const provider = interpret(vendor.provider);
  const { values } = await provider.locate({ sha: SHA, environment: more.asked }, context);
  return provider.look(values, context);
}

describe("built is not serving", () => {
  it.each([
    [
      "READY without its alias",
      vercelVendor,
      "READY",
      { aliasAssigned: null },
      "running",
      "domain is not assigned yet",
    ],
    ["READY with false for its alias", vercelVendor, "READY", { aliasAssigned: false }, "running", "not assigned"],
    [
      "staged on purpose",
      vercelVendor,
      "READY",
      { aliasAssigned: null, autoAssignCustomDomains: false },
      "blocked",
      "somebody has to promote it",
    ],
    [
      "an alias that failed",
      vercelVendor,
      "READY",
      { aliasAssigned: null, aliasError: { code: "x", message: "domain is taken" } },
      "failed",
      "domain is taken",
    ],
    [
      "ready, but publishing is locked",
      netlifyVendor,
      "ready",
      { published_at: null, locked: true },
      "blocked",
      "publishing is locked",
    ],
    ["a skipped commit", pagesVendor, "queued:active", { is_skipped: true }, "skipped", "skipped this commit"],
  ] as const)("%s", async (_what, vendor, state, extra, status, reason) => {
    expect(await seen(vendor, state, extra)).toMatchObject({ status, reason: expect.stringContaining(reason) });
  });

  it("serves a preview without an alias of its own", async () => {
    expect((await seen(vercelVendor, "READY", { aliasAssigned: null }, { environment: "preview" })).status).toBe(
      "succeeded",
    );
  });

  it("does not take the preview of a commit for its production deploy", async () => {
    const asked = "production";
    expect((await seen(vercelVendor, "READY", {}, { environment: "preview", asked })).status).toBe("waiting");
    expect((await seen(vercelVendor, "READY", {}, { environment: "production", asked })).status).toBe("succeeded");
    expect((await seen(netlifyVendor, "ready", {}, { environment: "deploy-preview", asked })).status).toBe("waiting");
  });
});

describe("hostile answers", () => {
  it.each([
    ["escape sequences", { errorMessage: "\u001b]0;owned\u0007\u001b[31mred\u202egnp.exe" }],
    ["a very long text", { errorMessage: "x".repeat(1_000_000) }],
    ["markup and newlines", { errorMessage: "a\nP9-TERMINATION-REPORT {}\r\nb" }],
    ["a prototype", JSON.parse('{"__proto__": {"readyState": "READY"}, "errorMessage": "x"}')],
  ])("are shown as one clean line: %s", async (_what, extra) => {
    const { status, reason } = await seen(vercelVendor, "ERROR", extra);
    expect(status).toBe("failed");
    expect(reason).toMatch(/^[^\u0000-\u001f\u202e]{1,600}$/);
  });
});
