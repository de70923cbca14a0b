import { didYouMean } from "../../../base/nearest.ts";
import { oneLine } from "../../../base/text.ts";
import type { Channel } from "../../../notify/channels.ts";
import type { Context } from "../../program/context.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";

/** Checks that every notification channel can be used: its configuration, its type, what it needs. Sends nothing. */
export const channels: Check = {
  name: "notify",
  async run(context) {
    const { home, env, place: cwd } = context;
    const { channelsIn } = await import("../../../notify/sources.ts");
    const found = await channelsIn({ home, env, cwd });
    const problems = found.problems.map(({ error }) => ill("notify", error, "references/notify.md has the form"));
    const findings = await Promise.all(found.channels.map((channel) => examine(channel, context)));
    if (problems.length + findings.length > 0) return [...problems, ...findings];
    return [
      well(
        "notify",
        "no channel is configured, so endings are not sent to people (notify.json, or BROOMVA_P9_NTFY_TOPIC)",
      ),
    ];
  },
};

async function examine(channel: Channel, context: Context): Promise<Finding> {
  const { name, type, options, trust } = channel;
  const { home, env, place: cwd, clock, exec } = context;
  const { findNotifier } = await import("../../../plugins-host/find/resolve.ts");
  const notifier = await findNotifier(type, { home, env, cwd });
  if (!notifier)
    return ill(
      "notify",
      `channel "${name}": its type "${oneLine(type, 60)}" is not known`,
      "p9 plugin list shows the notifiers",
    );
  const missing = Object.entries(notifier.options ?? {}).find(
    ([option, { required }]) => required && options[option] === undefined,
  );
  if (missing)
    return ill("notify", `channel "${name}" has no "${missing[0]}"`, "references/notify.md lists the options");
  const known = Object.keys(notifier.options ?? {});
  const strange = Object.keys(options).find((option) => !known.includes(option));
  if (strange !== undefined) {
    const typed = (option: string) => option.replaceAll("-", "_");
    const meant = didYouMean(typed(strange), known.map(typed));
    const detail = `channel "${name}" has the unknown option "${oneLine(typed(strange), 60)}"${meant}, and delivers nothing`;
    return warned("notify", detail, `options of ${type}: ${known.map(typed).join(", ") || "none"}`);
  }
  const { isTrusted } = await import("../../../trust/trust.ts");
  if (trust && !(await isTrusted({ home, env, cwd }, trust))) {
    return warned("notify", `channel "${name}" is the repository's and not used`, "p9 trust shows it and asks");
  }
  const [{ missingFor }, { deliverDeps }] = await Promise.all([
    import("../../../notify/deliver.ts"),
    import("../../../notify/open.ts"),
  ]);
  const lacks = await missingFor(notifier, channel, deliverDeps({ home, env, cwd, clock, exec }));
  if (lacks !== null && !(notifier.foreground && !context.forPeople))
    return warned("notify", `channel "${name}" cannot deliver here: ${oneLine(lacks)}`, "p9 notify <title> tries it");
  return well("notify", `channel "${name}" (${type}); p9 notify <title> tries it`);
}
