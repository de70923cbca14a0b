// needs: kubectl
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import kubernetes from "../../../../plugins/wait-kinds/providers/kubernetes/kubernetes.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import type { TargetLook, Values } from "../../../../src/provider.ts";
import { condition, deployment, pod, workload } from "../../../servers/kubernetes/documents.ts";
import { type Cluster, startKubernetes } from "../../../servers/kubernetes/server.ts";
import type { VendorServer } from "../../../servers/vendors/harness.ts";
import { asker, scratch } from "./asking.ts";
import { lookContext } from "./looking.ts";

const SHA = "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3";
const TOO_LATE = condition("Progressing", "ProgressDeadlineExceeded", 'ReplicaSet "web-1" has timed out progressing.');
let server: VendorServer & { cluster: Cluster; kubeconfig: string };
let context: LookContext;

beforeEach(async () => {
  const folder = scratch();
  server = await startKubernetes(folder);
  context = lookContext(asker({ KUBECONFIG: server.kubeconfig, HOME: folder }, { cwd: folder }));
});
afterEach(() => server.close());

const look = (values: Values = {}): Promise<TargetLook> =>
  kubernetes.look({ workload: "deployment/web", ...values }, context);
const show = (document: unknown, key = "deployments/web") => {
  server.cluster.workloads[key] = document;
};

describe("a rollout, through the real kubectl", () => {
  it("knows workloads by their usual spellings", async () => {
    expect(await kubernetes.match("deploy/web")).toEqual({ workload: "deployment/web" });
    expect(await kubernetes.match("sts/db")).toEqual({ workload: "statefulset/db" });
    expect(await kubernetes.match("daemonsets/agent")).toEqual({ workload: "daemonset/agent" });
    expect(await kubernetes.match("pod/web")).toBeNull();
    expect(await kubernetes.match("feature/login")).toBeNull();
    expect(await kubernetes.match("deployment/--all")).toBeNull();
  });

  it("takes no option of kubectl for a workload, wherever it comes from", async () => {
    await expect(kubernetes.locate({ workload: "--server=https://evil.test" }, context)).rejects.toThrow(
      "wanted deployment/name",
    );
    await expect(kubernetes.locate({ workload: "-f" }, context)).rejects.toThrow("wanted deployment/name");
    expect((await kubernetes.locate({ workload: "deploy/web" }, context)).values.workload).toBe("deployment/web");
  });

  it("waits for a workload that is not there yet", async () => {
    expect(await look()).toMatchObject({ status: "waiting", reason: expect.stringContaining("deployment/web") });
  });

  it.each([
    ["succeeded", deployment(), "3 of 3 pods run"],
    ["waiting", deployment({ generation: 2, observed: 1 }), "not taken up"],
    ["running", deployment({ updated: 1 }), "1 of 3 pods are new"],
    ["running", deployment({ all: 4 }), "1 old pods"],
    ["running", deployment({ available: 2 }), "2 of 3 new pods are available"],
    ["failed", deployment({ updated: 1, conditions: [TOO_LATE] }), "timed out progressing"],
    [
      "failed",
      deployment({
        updated: 0,
        conditions: [TOO_LATE, condition("ReplicaFailure", "FailedCreate", "exceeded quota: cpu")],
      }),
      "exceeded quota",
    ],
    ["blocked", deployment({ updated: 1, spec: { paused: true } }), "paused"],
    ["succeeded", deployment({ replicas: 0, spec: { replicas: 0 } }), "0 of 0"],
  ])("is %s: %#", async (status, document, reason) => {
    show(document);
    expect(await look()).toMatchObject({ status, reason: expect.stringContaining(reason), unknown: [] });
  });

  it.each([
    ["StatefulSet", "running", { status: { updateRevision: "b", currentRevision: "a" } }],
    ["StatefulSet", "succeeded", { status: { updateRevision: "b", currentRevision: "b" } }],
    [
      "StatefulSet",
      "blocked",
      { updated: 1, spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } } },
    ],
    ["DaemonSet", "running", { updated: 2 }],
    ["DaemonSet", "succeeded", {}],
    ["DaemonSet", "blocked", { updated: 0, spec: { updateStrategy: { type: "OnDelete" } } }],
  ])("reads a %s as %s", async (kind, status, told) => {
    const plural = `${kind.toLowerCase()}s`;
    show(workload(kind, told), `${plural}/web`);
    expect(await kubernetes.look({ workload: `${kind.toLowerCase()}/web` }, context)).toMatchObject({ status });
  });

  it("does not take a finished rollout of another image for its own", async () => {
    show(deployment({ image: "registry.test/web:0000000" }));
    expect(await look({ sha: SHA })).toMatchObject({
      status: "waiting",
      reason: expect.stringContaining("not 3f2a91c"),
    });
    expect((await look({ image: "web:2.0" })).status).toBe("waiting");
    show(deployment({ image: "registry.test/web:3f2a91c", generation: 2 }));
    expect(await look({ sha: SHA })).toMatchObject({ status: "succeeded", values: { generation: "2" } });
    show(deployment({ image: "registry.test/web:2.0", generation: 3 }));
    expect((await look({ image: "web:2.0" })).status).toBe("succeeded");
  });

  it("finds the commit in an annotation of the pods", async () => {
    show(deployment({ image: "web:latest", annotations: { "app.test/commit": SHA } }));
    expect((await look({ sha: SHA })).status).toBe("succeeded");
  });

  it("is superseded when other images are rolled out, and not by mere scaling", async () => {
    show(deployment({ generation: 2, updated: 1 }));
    const { values } = await look();
    show(deployment({ generation: 3, replicas: 5, spec: { replicas: 5 }, updated: 2 }));
    expect((await look(values)).status).toBe("running");
    show(deployment({ generation: 4, image: "registry.test/web:9999999" }));
    expect(await look(values)).toMatchObject({ status: "superseded", reason: expect.stringContaining("9999999") });
  });

  it("brings what the pods wait for and the last lines of one that crashed", async () => {
    show(deployment({ updated: 1, conditions: [TOO_LATE] }));
    server.cluster.pods = [
      pod(
        "web-1-abc",
        { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } },
        { restartCount: 4, lastState: { terminated: { reason: "Error", exitCode: 1 } } },
      ),
      pod("web-1-def", {
        waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "registry.test/web:3f2a91c"' },
      }),
    ];
    server.cluster.logs["web-1-abc"] = "starting\nError: DATABASE_URL is missing\n";
    const texts = ((await look()).evidence ?? []).map(({ job, text }) => `${job}: ${text}`);
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/web-1-abc: CrashLoopBackOff.*exit code 1/),
        expect.stringMatching(/web-1-def: ImagePullBackOff/),
        "pod web-1-abc: Error: DATABASE_URL is missing",
      ]),
    );
  });

  it("says that pods cannot be read, and keeps the verdict", async () => {
    show(deployment({ conditions: [TOO_LATE] }));
    expect(await look()).toMatchObject({ status: "failed", evidence: [{ text: expect.stringContaining("No pods") }] });
  });

  it.each([
    [
      "403",
      {
        status: 403,
        body: {
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          reason: "Forbidden",
          message: "deployments.apps is forbidden",
          code: 403,
        },
      },
      { lasting: true },
    ],
    [
      "401",
      {
        status: 401,
        body: {
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          reason: "Unauthorized",
          message: "Unauthorized",
          code: 401,
        },
      },
      { lasting: true },
    ],
    [
      "500",
      {
        status: 500,
        body: {
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          reason: "InternalError",
          message: "boom",
          code: 500,
        },
      },
      { lasting: false },
    ],
    ["a page", "html", {}],
  ] as const)("takes %s for an observation error", async (_what, trouble, shape) => {
    show(deployment());
    await look();
    // kubectl asks for the API's resources again when the cached ones do not help, so the trouble lasts.
    server.trouble.push(trouble, trouble, trouble, trouble, trouble, trouble);
    await expect(look()).rejects.toMatchObject({ name: "ObservationError", ...shape });
  });

  it("does not wait longer for a server that never answers than kubectl is given", async () => {
    show(deployment());
    server.trouble.push(...Array.from({ length: 20 }, () => "hang" as const));
    const exec: LookContext["exec"] = (argv, options) => {
      expect(options?.timeoutMs).toBeLessThanOrEqual(25_000);
      return context.exec(argv, { ...options, timeoutMs: 800 });
    };
    await expect(kubernetes.look({ workload: "deployment/web" }, { ...context, exec })).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringContaining("did not end"),
    });
  });

  it("names kubectl when it is missing", async () => {
    context = {
      ...context,
      exec: async () => ({
        code: null,
        signal: null,
        stdout: "",
        stderr: "",
        timedOut: false,
        truncated: false,
        notFound: true,
      }),
    };
    await expect(look()).rejects.toMatchObject({ lasting: true, needs: expect.stringContaining("kubectl") });
  });

  it("names a kubeconfig when there is none", async () => {
    context = { ...context, env: { ...context.env, KUBECONFIG: "/nonexistent/config" } };
    await expect(look()).rejects.toMatchObject({ name: "ObservationError" });
  });
});
