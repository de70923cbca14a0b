/** What a test says about a Deployment; the rest is as after a finished rollout of three pods. */
export interface Told {
  readonly generation?: number;
  readonly observed?: number;
  readonly image?: string;
  readonly replicas?: number;
  readonly updated?: number;
  readonly available?: number;
  readonly all?: number;
  readonly conditions?: readonly object[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly status?: object;
}

/** A Deployment as `kubectl get -o json` shows it. */
export function deployment(told: Told = {}): unknown {
  return workload("Deployment", told);
}

/** A Deployment, StatefulSet or DaemonSet. */
export function workload(kind: string, told: Told = {}): unknown {
  const { generation = 1, replicas = 3 } = told;
  const { updated = replicas, available = replicas, all = replicas } = told;
  const set = kind === "DaemonSet";
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "web", namespace: "default", generation, annotations: {} },
    spec: {
      ...(set ? {} : { replicas }),
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" }, annotations: told.annotations ?? {} },
        spec: { containers: [{ name: "web", image: told.image ?? "registry.test/web:3f2a91c" }] },
      },
      ...told.spec,
    },
    status: {
      observedGeneration: told.observed ?? generation,
      ...(set
        ? {
            desiredNumberScheduled: replicas,
            updatedNumberScheduled: updated,
            numberAvailable: available,
            numberReady: available,
            currentNumberScheduled: all,
            numberMisscheduled: 0,
          }
        : { replicas: all, updatedReplicas: updated, availableReplicas: available, readyReplicas: available }),
      conditions: told.conditions ?? [],
      ...told.status,
    },
  };
}

/** A condition. */
export function condition(type: string, reason: string, message = ""): object {
  return { type, status: reason === "ProgressDeadlineExceeded" ? "False" : "True", reason, message };
}

/** A pod whose container is in that state. */
export function pod(name: string, state: object, more: object = {}): unknown {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "registry.test/web:3f2a91c" }] },
    status: { phase: "Pending", containerStatuses: [{ name: "web", restartCount: 0, ready: false, state, ...more }] },
  };
}
