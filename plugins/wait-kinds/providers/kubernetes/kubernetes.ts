import { listAt, textAt } from "../../../../src/github.ts";
import { type LookContext, ObservationError, oneLine, RefError } from "../../../../src/plugin.ts";
import type { ProviderStatus, TargetLook, TargetWatcher, Values } from "../../../../src/provider.ts";
import { evidenceOfPods } from "./pods.ts";
import { imagesOf, type Rollout, rolloutOf } from "./rollout.ts";

const KINDS: Readonly<Record<string, string>> = {
  deployment: "deployment",
  deploy: "deployment",
  statefulset: "statefulset",
  sts: "statefulset",
  daemonset: "daemonset",
  ds: "daemonset",
};
const REF = /^(?<kind>[a-z]+)s?(?:\.apps)?\/(?<name>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/;

/** Kubernetes through the user's own `kubectl`: the rollout of one generation, or of one image, of a workload. */
const kubernetes: TargetWatcher = {
  name: "kubernetes",
  title: "Kubernetes",
  env: ["KUBECONFIG"],
  ready: () => true,
  match: async (ref) => {
    const workload = workloadOf(ref);
    return workload === null ? null : { workload };
  },
  locate: async (given) => {
    const missing = given.workload ? [] : ["workload"];
    const workload = given.workload === undefined ? undefined : workloadOf(given.workload);
    // Values become arguments of kubectl: an option among them could send the token elsewhere.
    if (workload === null) {
      throw new RefError(
        `Cannot watch "${oneLine(given.workload ?? "", 60)}": wanted deployment/name, sts/name or ds/name`,
      );
    }
    return {
      values: { ...given, workload },
      missing,
      how: '"workload" (deployment/web): as the reference, or ci_watch.providers.kubernetes.workload',
    };
  },
  look,
};
export default kubernetes;

/** `deployment/web` of any usual spelling, or null. */
function workloadOf(text: string): string | null {
  const { kind = "", name } = REF.exec(text)?.groups ?? {};
  const known = KINDS[kind] ?? KINDS[kind.replace(/s$/, "")];
  return known && name ? `${known}/${name}` : null;
}

async function look(values: Values, context: LookContext): Promise<TargetLook> {
  const workload = await get(values, context);
  if (workload === null) {
    return { status: "waiting", reason: `Kubernetes has no ${values.workload} yet`, values };
  }
  const rollout = rolloutOf(workload);
  const pinned = pin(values, rollout);
  const { status, reason } = verdict(rollout, values, pinned);
  const evidence = status === "failed" ? await evidenceOfPods(values, rollout.selector, context, kubectl(values)) : [];
  return {
    status,
    reason: `${values.workload}: ${reason}`,
    values: pinned,
    progress: rollout.progress,
    unknown: rollout.unknown,
    items: [
      {
        name: oneLine(values.workload ?? "", 100),
        state: status === "waiting" ? "queued" : status === "superseded" ? "skipped" : status,
        detail: reason,
      },
    ],
    ...(evidence.length > 0 ? { evidence } : {}),
    settle: { looks: status === "succeeded" || status === "failed" ? 2 : 1 },
  };
}

/** With a commit or image asked for, the first generation that carries it is the target; else the one that is there now. */
function pin(values: Values, rollout: Rollout): Values {
  if (values.generation !== undefined || !carries(values, rollout)) return values;
  return { ...values, generation: String(rollout.generation), images: imagesOf(rollout) };
}

function carries({ image, sha }: Values, { images, annotations }: Rollout): boolean {
  if (image)
    return images.some((one) => one === image || one.endsWith(`/${image}`) || one.split(/[:@]/).includes(image));
  if (!sha) return true;
  const texts = [...images, ...annotations];
  return texts.some((text) => (text.match(/[0-9a-f]{7,40}/g) ?? []).some((word) => sha.startsWith(word)));
}

function verdict(
  rollout: Rollout,
  asked: Values,
  pinned: Values,
): { status: Exclude<ProviderStatus, "skipped" | "cancelled" | "unknown">; reason: string } {
  const wanted = asked.image ?? asked.sha?.slice(0, 7);
  if (pinned.generation === undefined)
    return { status: "waiting", reason: `it still runs ${imagesOf(rollout)}, not ${wanted}` };
  // A newer generation with the same images (a scaled or annotated workload) is the same rollout; other images replace it.
  if (rollout.generation > Number(pinned.generation) && imagesOf(rollout) !== pinned.images) {
    return { status: "superseded", reason: `it now rolls out ${imagesOf(rollout)}` };
  }
  return { status: rollout.status, reason: rollout.reason };
}

async function get(values: Values, context: LookContext): Promise<unknown> {
  const argv = [...kubectl(values), "get", values.workload ?? "", "-o", "json"];
  const { cwd, env, signal } = context;
  const result = await context.exec(argv, { cwd, env, signal, timeoutMs: 25_000 });
  if (result.notFound) {
    throw new ObservationError('Cannot ask Kubernetes: the program "kubectl" does not exist', {
      needs: 'the program "kubectl"',
      lasting: true,
    });
  }
  if (result.timedOut) throw new ObservationError("Cannot ask Kubernetes: kubectl did not end within 25 s");
  if (result.code !== 0) {
    const said = oneLine(result.stderr, 200);
    if (/\(NotFound\)/.test(said)) return null;
    const refused =
      /\((?:Forbidden|Unauthorized)\)|must be logged in|provide credentials|does not exist|no configuration has been provided/i.test(
        said,
      );
    throw new ObservationError(
      `Cannot ask Kubernetes: ${said}`,
      refused ? { needs: "a kubeconfig that may read this workload", lasting: true } : {},
    );
  }
  return read(result.stdout);
}

function read(text: string): unknown {
  try {
    const workload: unknown = JSON.parse(text);
    if (textAt(workload, "kind") && listAt(workload, "spec", "template", "spec", "containers").length > 0)
      return workload;
  } catch {
    // Said below.
  }
  throw new ObservationError("Cannot read kubectl's answer: it is no workload with containers");
}

/** `kubectl` with the context and namespace that were asked for. */
function kubectl({ context, namespace }: Values): string[] {
  return [
    "kubectl",
    "--request-timeout=15s",
    ...(context ? [`--context=${context}`] : []),
    ...(namespace ? [`--namespace=${namespace}`] : []),
  ];
}
