import { at, listAt, numberAt, textAt } from "../../../../src/github.ts";
import { isObject, oneLine, type Progress } from "../../../../src/plugin.ts";

/** State of a workload's newest rollout. */
export interface Rollout {
  readonly status: "waiting" | "running" | "blocked" | "failed" | "succeeded";
  readonly reason: string;
  readonly generation: number;
  readonly images: readonly string[];
  /** Values of the annotations and labels of its pods, which may name the commit. */
  readonly annotations: readonly string[];
  readonly selector: string;
  readonly progress: Progress;
  readonly unknown: readonly string[];
}

/** The images as one text. */
export function imagesOf({ images }: Pick<Rollout, "images">): string {
  return images.join(", ");
}

interface Counts {
  readonly wanted: number;
  readonly updated: number;
  readonly available: number;
  /** Pods of any template. */
  readonly all: number;
}

/** Reads a Deployment, StatefulSet or DaemonSet. The rules are those of `kubectl rollout status`, without its waiting. */
export function rolloutOf(workload: unknown): Rollout {
  const kind = textAt(workload, "kind") ?? "";
  const counts = countsOf(kind, workload);
  const generation = numberAt(workload, "metadata", "generation") ?? 0;
  const observed = numberAt(workload, "status", "observedGeneration") ?? 0;
  const template = at(workload, "spec", "template");
  const known = ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);
  return {
    ...(observed < generation
      ? { status: "waiting" as const, reason: `generation ${generation} was not taken up yet` }
      : judge(kind, workload, counts)),
    generation,
    images: listAt(template, "spec", "containers").flatMap((one) => textAt(one, "image") ?? []),
    annotations: [
      at(template, "metadata", "annotations"),
      at(template, "metadata", "labels"),
      at(workload, "metadata", "annotations"),
    ]
      .flatMap((texts) => (isObject(texts) ? Object.entries(texts) : []))
      .flatMap(([name, text]) => (typeof text === "string" && !name.includes("last-applied") ? [text] : [])),
    selector: selectorOf(workload),
    progress: progressOf(counts),
    unknown: known ? [] : [`Kubernetes kind "${oneLine(kind, 60)}"`],
  };
}

function countsOf(kind: string, workload: unknown): Counts {
  const status = (name: string) => numberAt(workload, "status", name) ?? 0;
  if (kind === "DaemonSet") {
    const wanted = status("desiredNumberScheduled");
    return { wanted, updated: status("updatedNumberScheduled"), available: status("numberAvailable"), all: wanted };
  }
  const wanted = numberAt(workload, "spec", "replicas") ?? 1;
  const available = kind === "StatefulSet" ? status("readyReplicas") : status("availableReplicas");
  return { wanted, updated: status("updatedReplicas"), available, all: status("replicas") };
}

function judge(
  kind: string,
  workload: unknown,
  { wanted, updated, available, all }: Counts,
): Pick<Rollout, "status" | "reason"> {
  const progressing = condition(workload, "Progressing");
  if (textAt(progressing, "reason") === "ProgressDeadlineExceeded") {
    const why = textAt(condition(workload, "ReplicaFailure"), "message") ?? textAt(progressing, "message") ?? "";
    return { status: "failed", reason: `it exceeded its progress deadline: ${oneLine(why, 200)}` };
  }
  if (at(workload, "spec", "paused") === true)
    return { status: "blocked", reason: "its rollout is paused: somebody has to resume it" };
  if (textAt(workload, "spec", "updateStrategy", "type") === "OnDelete") {
    return { status: "blocked", reason: "its pods are only replaced when somebody deletes them (OnDelete)" };
  }
  const held = heldBack(workload, updated, wanted);
  if (held) return held;
  if (updated < wanted) return { status: "running", reason: `${updated} of ${wanted} pods are new` };
  if (kind === "Deployment" && all > updated)
    return { status: "running", reason: `${all - updated} old pods are still there` };
  if (available < wanted) return { status: "running", reason: `${available} of ${wanted} new pods are available` };
  if (
    kind === "StatefulSet" &&
    textAt(workload, "status", "updateRevision") !== textAt(workload, "status", "currentRevision")
  ) {
    return { status: "running", reason: "the new revision is not the current one yet" };
  }
  return { status: "succeeded", reason: `${available} of ${wanted} pods run ${imagesIn(workload)}` };
}

/** The verdict of a StatefulSet whose partition holds pods back on purpose; undefined when it does not. */
function heldBack(workload: unknown, updated: number, wanted: number): Pick<Rollout, "status" | "reason"> | undefined {
  const partition = numberAt(workload, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (partition === 0 || updated < wanted - partition || updated >= wanted) return undefined;
  return { status: "blocked", reason: `a partition holds ${partition} pods back` };
}

function imagesIn(workload: unknown): string {
  return listAt(workload, "spec", "template", "spec", "containers")
    .map((one) => textAt(one, "image") ?? "")
    .join(", ");
}

function condition(workload: unknown, type: string): unknown {
  return listAt(workload, "status", "conditions").find((one) => textAt(one, "type") === type);
}

function progressOf({ wanted, updated, available }: Counts): Progress {
  const done = Math.min(updated, available);
  return {
    done,
    total: wanted,
    percent: wanted === 0 ? 100 : Math.min(100, Math.round((100 * done) / wanted)),
    phase: null,
  };
}

function selectorOf(workload: unknown): string {
  const labels = at(workload, "spec", "selector", "matchLabels");
  return isObject(labels)
    ? Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(",")
    : "";
}
