import { counted } from "../../../base/text.ts";
import { sessionNamed } from "../../../core/session.ts";
import { PluginProblems } from "../../../plugins-host/find/scope.ts";
import { VERSION } from "../../../version.ts";
import { type Check, ill, well } from "./check.ts";

/** Names the runtime. */
export const runtime: Check = {
  name: "p9",
  run() {
    const { deno, node } = process.versions;
    return [well("p9", `${VERSION} on ${deno ? `Deno ${deno}` : `Node ${node}`}, ${process.platform} ${process.arch}`)];
  },
};

/** Names the session that commands belong to here. */
export const session: Check = {
  name: "session",
  async run(context) {
    const from = sessionNamed(context.env)?.variable ?? "session-default.id";
    return [well("session", `${await context.session()} (from ${from})`)];
  },
};

/** Checks that every configured plugin can be loaded. */
export const plugins: Check = {
  name: "plugins",
  async run({ home, env, place: cwd }) {
    const { allNotifiers, allQueueSources, allWaitKinds } = await import("../../../plugins-host/find/resolve.ts");
    const problems = new PluginProblems();
    const scope = { home, env, cwd, report: problems.report };
    const [kinds, sources, notifiers] = [
      await allWaitKinds(scope),
      await allQueueSources(scope),
      await allNotifiers(scope),
    ];
    const count = [
      counted(kinds.length, "wait kind"),
      counted(sources.length, "queue source"),
      counted(notifiers.length, "notifier"),
    ].join(", ");
    const found = problems.all.map(({ plugin, message }) =>
      ill("plugins", `${plugin}: ${message}`, "p9 plugin list shows what is configured"),
    );
    return found.length > 0 ? found : [well("plugins", count)];
  },
};
