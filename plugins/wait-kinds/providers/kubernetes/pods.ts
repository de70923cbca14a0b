import { listAt, numberAt, textAt } from "../../../../src/github.ts";
import { type Evidence, type LookContext, oneLine } from "../../../../src/plugin.ts";
import { tellingLines, type Values } from "../../../../src/provider.ts";

/** Why a rollout's pods do not come up: what they wait for, how they ended, and the last lines of one that crashed. */
export async function evidenceOfPods(
  values: Values,
  selector: string,
  context: LookContext,
  kubectl: readonly string[],
): Promise<Evidence[]> {
  if (!selector) return [];
  const run = (...argv: string[]) =>
    context.exec([...kubectl, ...argv], {
      cwd: context.cwd,
      env: context.env,
      signal: context.signal,
      timeoutMs: 20_000,
    });
  const listed = await run("get", "pods", "-l", selector, "-o", "json");
  const pods = listed.code === 0 ? podsIn(listed.stdout) : [];
  const troubles = pods.flatMap(troubleOf).slice(0, 5);
  const [first] = troubles;
  const log = first?.ran
    ? await run("logs", first.pod, "-c", first.container, "--tail=100", ...(first.restarted ? ["--previous"] : []))
    : undefined;
  const lines = log?.code === 0 ? tellingLines(log.stdout.split("\n")) : [];
  return [
    ...troubles.map(({ pod, container, text }) => ({ job: `pod ${pod}`, step: container, text })),
    ...lines.map(({ line, text }) => ({ job: `pod ${first?.pod}`, step: first?.container, line, text })),
    ...(pods.length === 0
      ? [
          {
            job: oneLine(values.workload ?? "", 80),
            text: oneLine(`No pods could be read: ${listed.stderr || "there are none"}`, 300),
          },
        ]
      : []),
  ];
}

interface Trouble {
  readonly pod: string;
  readonly container: string;
  readonly text: string;
  /** It has a log. */
  readonly ran: boolean;
  readonly restarted: boolean;
}

function podsIn(text: string): readonly unknown[] {
  try {
    return listAt(JSON.parse(text), "items");
  } catch {
    return [];
  }
}

function troubleOf(pod: unknown): Trouble[] {
  const name = oneLine(textAt(pod, "metadata", "name") ?? "", 100);
  const unscheduled = listAt(pod, "status", "conditions").find(
    (one) => textAt(one, "type") === "PodScheduled" && textAt(one, "status") === "False",
  );
  const containers = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  const found = containers.flatMap((one) => {
    const restarts = numberAt(one, "restartCount") ?? 0;
    const waiting = textAt(one, "state", "waiting", "reason");
    const ended = textAt(one, "state", "terminated", "reason") ?? textAt(one, "lastState", "terminated", "reason");
    const code =
      numberAt(one, "state", "terminated", "exitCode") ?? numberAt(one, "lastState", "terminated", "exitCode");
    if ((!waiting || waiting === "ContainerCreating" || waiting === "PodInitializing") && (!ended || code === 0))
      return [];
    const said = textAt(one, "state", "waiting", "message") ?? "";
    const text = [waiting, ended ? `ended with ${ended} (exit code ${code})` : "", said].filter(Boolean).join(": ");
    return [
      {
        pod: name,
        container: oneLine(textAt(one, "name") ?? "", 60),
        text: oneLine(text, 300),
        ran: Boolean(ended),
        restarted: restarts > 0 && !textAt(one, "state", "terminated", "reason"),
      },
    ];
  });
  if (!unscheduled) return found;
  return [
    {
      pod: name,
      container: "",
      text: oneLine(`not scheduled: ${textAt(unscheduled, "message") ?? ""}`, 300),
      ran: false,
      restarted: false,
    },
    ...found,
  ];
}
