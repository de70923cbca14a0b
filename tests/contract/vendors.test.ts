import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { elasticsearchVendor } from "../servers/vendors/elasticsearch.ts";
import { meilisearchVendor } from "../servers/vendors/meilisearch.ts";
import { startSyncVendor } from "../servers/vendors/sync.ts";
import { vercelVendor } from "../servers/vendors/vercel.ts";
import { BORN, startDeployVendor } from "../servers/vendors/world.ts";
import { inClient, isMissing } from "./clients.ts";

describe.skipIf(isMissing("vercel"))("the real Vercel CLI accepts what the test server says", () => {
  async function vercel(state: string, ...args: string[]) {
    const home = mkdtempSync(join(tmpdir(), "p9-vercel-"));
    const server = await startDeployVendor(vercelVendor);
    onTestFinished(async () => {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    });
    server.world.items.push({
      id: vercelVendor.ids[0],
      sha: "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3",
      state,
      at: BORN,
    });
    server.world.log = ["building", "Error: cannot find module './x'"];
    const { VERCEL_TOKEN, VERCEL_ORG_ID, VERCEL_PROJECT_ID } = vercelVendor.env(server.url);
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      VERCEL_TOKEN,
      VERCEL_ORG_ID,
      VERCEL_PROJECT_ID,
      VERCEL_TELEMETRY_DISABLED: "1",
      NO_COLOR: "1",
    };
    return new Promise<{ code: number; stdout: string; stderr: string; asked: string[] }>((resolve) => {
      execFile(
        process.execPath,
        [inClient("vercel", "dist/vc.js"), ...args, "--api", server.url],
        { env, cwd: home, timeout: 25_000 },
        (error, stdout, stderr) => {
          resolve({
            code: error ? Number(error.code ?? 1) : 0,
            stdout,
            stderr,
            asked: server.requests.map(({ path }) => path),
          });
        },
      );
    });
  }

  it("inspects a ready and a failed deployment", async () => {
    const ready = await vercel("READY", "inspect", vercelVendor.ids[0], "--json");
    expect(ready).toMatchObject({
      code: 0,
      asked: expect.arrayContaining([`/v13/deployments/${vercelVendor.ids[0]}`]),
    });
    expect(JSON.parse(ready.stdout)).toMatchObject({
      id: vercelVendor.ids[0],
      readyState: "READY",
      target: "production",
    });
    expect(await vercel("ERROR", "inspect", vercelVendor.ids[0], "--json")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"ERROR"'),
    });
  });

  it("prints the log's lines", async () => {
    const { stdout, stderr } = await vercel("ERROR", "inspect", vercelVendor.ids[0], "--logs");
    expect(stdout + stderr).toContain("Error: cannot find module './x'");
  });

  it("lists deployments", async () => {
    const { code, stdout, asked } = await vercel("BUILDING", "ls", "--json");
    expect({ code, asked }).toMatchObject({ code: 0, asked: expect.arrayContaining(["/v6/deployments"]) });
    expect(JSON.parse(stdout)).toMatchObject({ deployments: [{ state: "BUILDING" }] });
  });
});

describe.skipIf(isMissing("@elastic/elasticsearch"))(
  "the real Elasticsearch client accepts what the test server says",
  () => {
    it("reads a task, and an unknown one as the server's error", async () => {
      const server = await startSyncVendor(elasticsearchVendor);
      onTestFinished(() => server.close());
      const module: { Client: new (options: object) => { tasks: { get(asked: object): Promise<object> } } } =
        await import(pathToFileURL(inClient("@elastic/elasticsearch", "index.js")).href);
      const client = new module.Client({ node: server.url, auth: { apiKey: "es-secret-key" }, maxRetries: 0 });
      server.shown.document = elasticsearchVendor.states.running?.[0]?.document;
      const task = await client.tasks.get({ task_id: elasticsearchVendor.ref });
      expect(task).toMatchObject({ completed: false, task: { status: { total: 12000 } } });
      server.shown.document = undefined;
      await expect(client.tasks.get({ task_id: elasticsearchVendor.ref })).rejects.toMatchObject({
        meta: { statusCode: 404 },
      });
    });
  },
);

describe.skipIf(isMissing("meilisearch"))("the real Meilisearch client accepts what the test server says", () => {
  it("reads a task and its batch", async () => {
    const server = await startSyncVendor(meilisearchVendor);
    onTestFinished(() => server.close());
    const module: {
      Meilisearch: new (
        options: object,
      ) => { tasks: { getTask(uid: number): Promise<object> }; batches: { getBatch(uid: number): Promise<object> } };
    } = await import(pathToFileURL(inClient("meilisearch", "dist/index.js")).href);
    const client = new module.Meilisearch({ host: server.url, apiKey: "meili-secret-key" });
    server.shown.document = meilisearchVendor.states.running?.[0]?.document;
    expect(await client.tasks.getTask(5)).toMatchObject({ uid: 5, status: "processing", batchUid: 3 });
    expect(await client.batches.getBatch(3)).toMatchObject({ progress: { percentage: 42.5 } });
    server.shown.document = undefined;
    await expect(client.tasks.getTask(5)).rejects.toThrow("not found");
  });
});
