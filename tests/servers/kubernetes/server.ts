import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVendor, type VendorServer } from "../vendors/harness.ts";

/** What the cluster holds: documents as the API server gives them. */
export interface Cluster {
  /** `deployments/web` and so on, in the namespace `default`. */
  readonly workloads: Record<string, unknown>;
  pods: unknown[];
  readonly logs: Record<string, string>;
}

const TOKEN = "kube-secret-token";
const resource = (name: string, kind: string, singular: string, shortNames: string[]) => ({
  name,
  singularName: singular,
  namespaced: true,
  kind,
  verbs: ["get", "list", "watch"],
  shortNames,
});
const list = (groupVersion: string, resources: unknown[]) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion,
  resources,
});
const APPS = { groupVersion: "apps/v1", version: "v1" };
const status = (code: number, reason: string, message: string) => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
});

/** A Kubernetes API server over plain HTTP with a kubeconfig for it, as far as the real `kubectl get` and `kubectl logs` ask. */
export async function startKubernetes(
  folder: string,
): Promise<VendorServer & { cluster: Cluster; kubeconfig: string }> {
  const cluster: Cluster = { workloads: {}, pods: [], logs: {} };
  const server = await startVendor({
    allows: () => true,
    refusal: status(401, "Unauthorized", "Unauthorized"),
    notFound: status(404, "NotFound", "the server could not find the requested resource"),
    routes: [
      ["GET", /^\/api$/, () => ({ body: { kind: "APIVersions", versions: ["v1"] } })],
      [
        "GET",
        /^\/apis$/,
        () => ({
          body: {
            kind: "APIGroupList",
            apiVersion: "v1",
            groups: [{ name: "apps", versions: [APPS], preferredVersion: APPS }],
          },
        }),
      ],
      ["GET", /^\/api\/v1$/, () => ({ body: list("v1", [resource("pods", "Pod", "pod", ["po"])]) })],
      [
        "GET",
        /^\/apis\/apps\/v1$/,
        () => ({
          body: list("apps/v1", [
            resource("deployments", "Deployment", "deployment", ["deploy"]),
            resource("statefulsets", "StatefulSet", "statefulset", ["sts"]),
            resource("daemonsets", "DaemonSet", "daemonset", ["ds"]),
          ]),
        }),
      ],
      [
        "GET",
        /^\/apis\/apps\/v1\/namespaces\/default\/(?<key>[a-z]+\/[a-z0-9-]+)$/,
        ({ groups: { key = "" } }) => {
          const [plural, name] = key.split("/");
          const found = cluster.workloads[key];
          return found ? { body: found } : status(404, "NotFound", `${plural}.apps "${name}" not found`);
        },
      ],
      [
        "GET",
        /^\/api\/v1\/namespaces\/default\/pods$/,
        () => ({ body: { kind: "PodList", apiVersion: "v1", metadata: {}, items: cluster.pods } }),
      ],
      [
        "GET",
        /^\/api\/v1\/namespaces\/default\/pods\/(?<name>[a-z0-9-]+)$/,
        ({ groups }) => {
          const found = cluster.pods.find(
            (pod) => (pod as { metadata: { name: string } }).metadata.name === groups.name,
          );
          return found ? { body: found } : undefined;
        },
      ],
      [
        "GET",
        /^\/api\/v1\/namespaces\/default\/pods\/(?<name>[a-z0-9-]+)\/log$/,
        ({ groups }) => ({ headers: { "content-type": "text/plain" }, body: cluster.logs[groups.name ?? ""] ?? "" }),
      ],
    ],
  });
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, config(server.url));
  return { ...server, cluster, kubeconfig };
}

function config(url: string): string {
  return `apiVersion: v1
kind: Config
current-context: test
clusters: [{ name: test, cluster: { server: "${url}" } }]
users: [{ name: test, user: { token: ${TOKEN} } }]
contexts: [{ name: test, context: { cluster: test, user: test, namespace: default } }]
`;
}
