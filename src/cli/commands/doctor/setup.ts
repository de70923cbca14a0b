import { VERSION } from "../../../version.ts";
import { type Check, type Finding, ill, well } from "./check.ts";

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
    const { BROOMVA_P9_SESSION, CLAUDE_CODE_SESSION_ID } = context.env;
    const from = BROOMVA_P9_SESSION
      ? "BROOMVA_P9_SESSION"
      : CLAUDE_CODE_SESSION_ID
        ? "CLAUDE_CODE_SESSION_ID"
        : "session-default.id";
    return [well("session", `${await context.session()} (from ${from})`)];
  },
};

/** Checks that every configured plugin can be loaded. */
export const plugins: Check = {
  name: "plugins",
  async run({ home, env, place: cwd }) {
    const problems: Finding[] = [];
    const { allNotifiers, allQueueSources, allWaitKinds } = await import("../../../plugins-host/find/resolve.ts");
    const scope = {
      home,
      env,
      cwd,
      report: ({ plugin, message }: { readonly plugin: string; readonly message: string }) => {
        problems.push(ill("plugins", `${plugin}: ${message}`, "p9 plugin list shows what is configured"));
      },
    };
    const [kinds, sources, notifiers] = [
      await allWaitKinds(scope),
      await allQueueSources(scope),
      await allNotifiers(scope),
    ];
    const count = `${kinds.length} wait kinds, ${sources.length} queue sources, ${notifiers.length} notifiers`;
    return problems.length > 0 ? problems : [well("plugins", count)];
  },
};
