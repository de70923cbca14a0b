import { onTestFinished } from "vitest";
import { createGitHub } from "../../../src/github/client.ts";
import { run } from "../../../src/process/exec.ts";
import { scratch } from "../../plugins/wait-kinds/providers/asking.ts";
import { manualClock, startGitHub } from "../../servers/github/mod.ts";
import { deployment } from "../../servers/kubernetes/documents.ts";
import { startKubernetes } from "../../servers/kubernetes/server.ts";
import { pagesVendor, workersVendor } from "../../servers/vendors/cloudflare.ts";
import { startVendor } from "../../servers/vendors/harness.ts";
import { netlifyVendor } from "../../servers/vendors/netlify.ts";
import { railwayVendor } from "../../servers/vendors/railway.ts";
import { renderVendor } from "../../servers/vendors/render.ts";
import { vercelVendor } from "../../servers/vendors/vercel.ts";
import { BORN, startDeployVendor } from "../../servers/vendors/world.ts";
import type { WaitKindCase } from "../fixture.ts";

const SHA = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";
const VENDORS = [vercelVendor, pagesVendor, workersVendor, netlifyVendor, railwayVendor, renderVendor];

const vendors = VENDORS.flatMap((vendor) =>
  (["running", "succeeded"] as const).map(
    (status): WaitKindCase => ({
      title: `with ${vendor.provider.name}, while it is ${status}`,
      prepare: async (world) => {
        const server = await startDeployVendor(vendor);
        onTestFinished(() => server.close());
        server.world.items.push({ id: vendor.ids[0], sha: SHA, state: vendor.states[status]?.[0] ?? "", at: BORN });
        const context = () => world.context({ env: { ...world.env, ...vendor.env(server.url) } });
        return { ref: SHA, options: { provider: vendor.provider.name }, context };
      },
    }),
  ),
);

const onGitHub = ["IN_PROGRESS", "SUCCESS", "FAILURE"].map(
  (state): WaitKindCase => ({
    title: `with GitHub, while it is ${state}`,
    needs: ["gh"],
    prepare: async (world) => {
      const clock = manualClock();
      const server = await startGitHub({ clock });
      onTestFinished(() => server.stop());
      server.world.repo("octo/app").deploy(SHA, { environment: "Production", states: [[0, state]] });
      const env = { ...world.env, ...server.env };
      const github = createGitHub({ exec: run, env, clock });
      return { ref: SHA, context: () => world.context({ env, github, repo: "octo/app" }) };
    },
  }),
);

export default [
  ...vendors,
  ...onGitHub,
  {
    title: "with Kubernetes",
    needs: ["kubectl"],
    prepare: async (world) => {
      const server = await startKubernetes(scratch());
      onTestFinished(() => server.close());
      server.cluster.workloads["deployments/web"] = deployment();
      const home = scratch();
      const context = () => world.context({ env: { ...world.env, KUBECONFIG: server.kubeconfig, HOME: home } });
      return { ref: "deployment/web", context };
    },
  },
  {
    title: "with a URL",
    prepare: async () => {
      const server = await startVendor({
        routes: [["GET", /./, () => ({ body: { version: SHA } })]],
        allows: () => true,
        refusal: { body: {} },
        notFound: { status: 404, body: {} },
      });
      onTestFinished(() => server.close());
      return { ref: SHA, options: { url: server.url } };
    },
  },
] satisfies WaitKindCase[];
