import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { describe, expect, it, onTestFinished } from "vitest";
import { azureVendor } from "../servers/ci/azure-pipelines.ts";
import { circleciVendor } from "../servers/ci/circleci.ts";
import { type CiServer, type CiVendor, startCi } from "../servers/ci/vendor.ts";
import { inClient, isMissing } from "./clients.ts";

async function service(vendor: CiVendor): Promise<CiServer> {
  const server = await startCi(vendor);
  onTestFinished(() => server.close());
  return server;
}

describe.skipIf(isMissing("@circleci/mcp-server-circleci"))("CircleCI's own MCP server reads the test server", () => {
  it("as p9 does: the failed step of a job by its page", async () => {
    const server = await service(circleciVendor);
    const args = { params: { projectURL: "https://circleci.com/gh/octo/app/42" } };
    const text = await callTool(circleciVendor.env(server.url), "get_build_failure_logs", args);
    expect(text).toContain("TS2322");
    expect(text).toContain("npm test");
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/api/v1.1/project/gh/octo/app/42",
      "/api/private/output/raw/gh/octo/app/42/output/1/102",
      "/api/private/output/raw/gh/octo/app/42/error/1/102",
    ]);
  }, 60_000);
});

/** One call of a tool of an MCP server on its standard streams; the text of its answer. */
async function callTool(env: Readonly<Record<string, string>>, name: string, args: object): Promise<string> {
  const child = spawn(process.execPath, [inClient("@circleci/mcp-server-circleci", "dist/index.js")], {
    env: { PATH: process.env.PATH, ...env, DISABLE_TELEMETRY: "1" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill());
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const client = { protocolVersion: "2024-11-05", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  send({ id: 1, method: "initialize", params: client });
  send({ method: "notifications/initialized" });
  send({ id: 2, method: "tools/call", params: { name, arguments: args } });
  let out = "";
  for await (const chunk of child.stdout) {
    out += chunk;
    for (const line of out.split("\n").slice(0, -1)) {
      const answer = JSON.parse(line);
      if (answer.id === 2) return JSON.stringify(answer.result ?? answer.error);
    }
    out = out.slice(out.lastIndexOf("\n") + 1);
  }
  throw new Error("The MCP server ended without an answer");
}

describe.skipIf(isMissing("azure-devops-node-api"))(
  "Azure DevOps' own client accepts what the test server says",
  () => {
    it("a failed build, and its timeline with the failed task", async () => {
      const server = await service(azureVendor);
      const { AZURE_DEVOPS_EXT_PAT = "" } = azureVendor.env(server.url);
      const load = createRequire(inClient("azure-devops-node-api", "package.json"));
      const { getPersonalAccessTokenHandler } = load("./WebApi.js");
      const { BuildApi } = load("./BuildApi.js");
      const collection = `${server.url}/fabrikam`;
      const build = new BuildApi(collection, [getPersonalAccessTokenHandler(AZURE_DEVOPS_EXT_PAT)], {
        allowRetries: false,
      });
      // The client asks for the places of resources first, which is not what is tested.
      const at = (path: string) => {
        const requestUrl = `${collection}/Fabrikam-Fiber/_apis/build/builds/1234${path}`;
        Object.assign(build.vsoClient, { getVersioningData: async () => ({ apiVersion: "7.1", requestUrl }) });
      };
      at("");
      const failed = await build.getBuild("Fabrikam-Fiber", 1234);
      expect(failed).toMatchObject({ buildNumber: "20261102.4", status: 2, result: 8 });
      at("/timeline");
      const { records } = await build.getBuildTimeline("Fabrikam-Fiber", 1234);
      expect(records).toContainEqual(
        expect.objectContaining({ name: "Check types", type: "Task", result: 2, state: 2 }),
      );
    }, 30_000);
  },
);
