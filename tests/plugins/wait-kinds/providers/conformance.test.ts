// needs: time, gh, kubectl
import { describe, onTestFinished, test } from "vitest";
import deploy from "../../../../plugins/wait-kinds/deploy.ts";
import indexSync from "../../../../plugins/wait-kinds/index-sync.ts";
import { waitKindChecks } from "../../../../src/conformance/wait-kind.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import type { WaitRequest } from "../../../../src/plugin.ts";
import { run } from "../../../../src/process/exec.ts";
import { conformanceWorld, expectConformance } from "../../../conformance/world.ts";
import { manualClock, startGitHub } from "../../../servers/github/mod.ts";
import { deployment } from "../../../servers/kubernetes/documents.ts";
import { startKubernetes } from "../../../servers/kubernetes/server.ts";
import { pagesVendor, workersVendor } from "../../../servers/vendors/cloudflare.ts";
import { elasticsearchVendor } from "../../../servers/vendors/elasticsearch.ts";
import { startVendor } from "../../../servers/vendors/harness.ts";
import { meilisearchVendor } from "../../../servers/vendors/meilisearch.ts";
import { netlifyVendor } from "../../../servers/vendors/netlify.ts";
import { railwayVendor } from "../../../servers/vendors/railway.ts";
import { renderVendor } from "../../../servers/vendors/render.ts";
import { startSyncVendor } from "../../../servers/vendors/sync.ts";
import { qdrantVendor, typesenseVendor } from "../../../servers/vendors/vectors.ts";
import { vercelVendor } from "../../../servers/vendors/vercel.ts";
import { BORN, startDeployVendor } from "../../../servers/vendors/world.ts";
import { scratch } from "./asking.ts";

const SHA = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";
const BEGINS_NOTHING = ["ends what it began, also twice"];
const request = (more: Partial<WaitRequest>): WaitRequest => ({
  ref: SHA,
  argv: [],
  options: { method: "GET" },
  network: true,
  ...more,
});

const VENDORS = [vercelVendor, pagesVendor, workersVendor, netlifyVendor, railwayVendor, renderVendor];
const cases = VENDORS.flatMap((vendor) =>
  (["running", "succeeded"] as const).map((status) => [vendor.provider.name, status, vendor] as const),
);

describe("the wait kind deploy passes the suite", () => {
  test.each(cases)("with %s, while it is %s", async (name, status, vendor) => {
    const world = conformanceWorld();
    const server = await startDeployVendor(vendor);
    onTestFinished(() => server.close());
    server.world.items.push({ id: vendor.ids[0], sha: SHA, state: vendor.states[status]?.[0] ?? "", at: BORN });
    const context = () => world.context({ env: { ...world.env, ...vendor.env(server.url) } });
    const subject = {
      kind: deploy,
      request: request({ options: { provider: name } }),
      context,
      folders: world.folders,
    };
    await expectConformance(waitKindChecks(subject), BEGINS_NOTHING);
  });

  test.each(["IN_PROGRESS", "SUCCESS", "FAILURE"])("with GitHub, while it is %s", async (state) => {
    const world = conformanceWorld();
    const clock = manualClock();
    const server = await startGitHub({ clock });
    onTestFinished(() => server.stop());
    server.world.repo("octo/app").deploy(SHA, { environment: "Production", states: [[0, state]] });
    const env = { ...world.env, ...server.env };
    const github = createGitHub({ exec: run, env, clock });
    const context = () => world.context({ env, github, repo: "octo/app" });
    await expectConformance(
      waitKindChecks({ kind: deploy, request: request({}), context, folders: world.folders }),
      BEGINS_NOTHING,
    );
  });

  test("with Kubernetes", async () => {
    const world = conformanceWorld();
    const server = await startKubernetes(scratch());
    onTestFinished(() => server.close());
    server.cluster.workloads["deployments/web"] = deployment();
    const context = () => world.context({ env: { ...world.env, KUBECONFIG: server.kubeconfig, HOME: scratch() } });
    await expectConformance(
      waitKindChecks({ kind: deploy, request: request({ ref: "deployment/web" }), context, folders: world.folders }),
      BEGINS_NOTHING,
    );
  });

  test("with a URL", async () => {
    const world = conformanceWorld();
    const server = await startVendor({
      routes: [["GET", /./, () => ({ body: { version: SHA } })]],
      allows: () => true,
      refusal: { body: {} },
      notFound: { status: 404, body: {} },
    });
    onTestFinished(() => server.close());
    await expectConformance(
      waitKindChecks({
        kind: deploy,
        request: request({ options: { url: server.url } }),
        context: () => world.context(),
        folders: world.folders,
      }),
      BEGINS_NOTHING,
    );
  });
});

describe("the wait kind index-sync passes the suite", () => {
  test.each(
    [meilisearchVendor, elasticsearchVendor, qdrantVendor, typesenseVendor].flatMap((vendor) =>
      (["running", "succeeded"] as const).map((status) => [vendor.provider.name, status, vendor] as const),
    ),
  )("with %s, while it is %s", async (name, status, vendor) => {
    const world = conformanceWorld();
    const server = await startSyncVendor(vendor);
    onTestFinished(() => server.close());
    server.shown.document = vendor.states[status]?.[0]?.document;
    const context = () => world.context({ env: { ...world.env, ...vendor.env(server.url) } });
    await expectConformance(
      waitKindChecks({
        kind: indexSync,
        request: request({ ref: `${name}:${vendor.ref}` }),
        context,
        folders: world.folders,
      }),
      BEGINS_NOTHING,
    );
  });

  test("with a URL's answer", async () => {
    const world = conformanceWorld();
    const server = await startVendor({
      routes: [["GET", /./, () => ({ body: { state: "busy" } })]],
      allows: () => true,
      refusal: { body: {} },
      notFound: { status: 404, body: {} },
    });
    onTestFinished(() => server.close());
    const options = { method: "GET", state: "/state", success: ["done"], failure: ["failed"] };
    await expectConformance(
      waitKindChecks({
        kind: indexSync,
        request: request({ ref: server.url, options }),
        context: () => world.context(),
        folders: world.folders,
      }),
      BEGINS_NOTHING,
    );
  });
});
