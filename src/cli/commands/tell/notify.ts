import { type Command, Option } from "@commander-js/extra-typings";
import type { Notice } from "../../../contract/notifier.ts";
import { UsageError } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import type { Context } from "../../program/context.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("[title]", "one line")
    .option("--body <text>", "more text; - reads standard input", "")
    .option("--kind <kind>", "what filters and receivers see", "manual")
    .addOption(
      new Option("--severity <severity>", "how it is marked")
        .choices(["info", "warning", "error"] as const)
        .default("info" as const),
    )
    .option("--url <url>", "address that the notice opens")
    .addOption(new Option("--deliver", "deliver what waits for delivery").hideHelp())
    .action(async (title, options) => {
      if (options.deliver) return deliverWaiting(context);
      if (title === undefined || title.trim() === "")
        throw new UsageError("Cannot notify without a title: wanted p9 notify <title>");
      const body = options.body === "-" ? context.stdin() : options.body;
      const { kind, severity, url } = options;
      await push({ title, body, kind, severity, ...(url === undefined ? {} : { url }) }, context);
    });
}

/** The notifying process; needs no existing directory. */
function world({ home, env, place, clock, exec }: Context) {
  return { home, env, cwd: place, clock, exec };
}

const NOBODY =
  "Nobody was told: no channel is configured for use here (notify.json in the state directory, or BROOMVA_P9_NTFY_TOPIC)";

async function deliverWaiting(context: Context): Promise<void> {
  const [{ deliverWaiting: deliver }, { deliverDeps }] = await Promise.all([
    import("./deliver-waiting.ts"),
    import("../../../notify/open.ts"),
  ]);
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => stop.abort());
  await deliver(deliverDeps(world(context)), stop.signal);
}

async function push(
  what: Pick<Notice, "title" | "body" | "kind" | "severity" | "url">,
  context: Context,
): Promise<void> {
  const [{ pushNow }, { deliverDeps }] = await Promise.all([
    import("../../../notify/push.ts"),
    import("../../../notify/open.ts"),
  ]);
  const row = await pushNow(what, { ...deliverDeps(world(context)), isForeground: context.forPeople });
  const failed = row.deliveries.filter(({ ok }) => !ok);
  if (row.deliveries.length === 0) context.warn(NOBODY);
  if (context.json) context.printJson(row);
  else
    for (const { channel, ok, error } of row.deliveries)
      context.print(`${ok ? "ok  " : "FAIL"} ${channel}${error ? `: ${error}` : ""}`);
  context.exit(failed.length > 0 || row.deliveries.length === 0 ? EXIT.degraded : EXIT.ok);
}
