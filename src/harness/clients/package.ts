import {
  commonOf,
  document,
  type Harness,
  type HarnessName,
  type HookAnswer,
  type HookCall,
  type NativeEvent,
} from "../harness.ts";

const EVENTS: Readonly<Record<string, NativeEvent>> = {
  start: { is: "start", tells: true },
  prompt: { is: "prompt", tells: true },
  "before-shell": { is: "before-shell", tells: true },
  "after-shell": { is: "after-shell", tells: true },
  stop: { is: "stop", tells: true },
  notify: { is: "notify", tells: true },
  end: { is: "end", tells: false },
};

/**
 * A client whose plugins are code in its own process: p9's package there calls `p9 hook <event> --harness <name>` in p9's own words.
 * stdin: the fields of {@link HookCall} by their names, all optional, and `tells: false` where the package cannot pass an answer on.
 * stdout: the fields of {@link HookAnswer} that say something; `watchPaths` holds the wake file, after whose change the package calls
 * `notify`. Without a `pid` the session lives as long as it has events.
 */
function inProcess(name: HarnessName): Harness {
  const harness: Harness = {
    name,
    events: EVENTS,
    continuing: { most: Number.POSITIVE_INFINITY, asPrompt: true },
    exports: "answer",

    read(native, input) {
      const common = commonOf(harness, native);
      return {
        ...common,
        tells: common.tells && !(input.has("tells") && !input.flag("tells")),
        session: input.text("session"),
        parent: input.text("parent") || null,
        cwd: input.text("cwd"),
        attended: input.has("attended") ? input.flag("attended") : null,
        pid: input.number("pid") ?? 0,
        command: input.some("command"),
        output: input.some("output"),
        exit: input.number("exit"),
        durationMs: input.number("durationMs"),
        again: input.flag("again"),
        text: input.text("text"),
        spoken: !(input.has("spoken") && !input.flag("spoken")),
        source: input.some("source"),
        reason: input.some("reason"),
        file: input.some("file"),
      };
    },

    write: (_: HookCall, answer: HookAnswer) => document({ ...answer }),
  };
  return harness;
}

/** opencode 1.18 (facts/harnesses.md, "opencode"): `shell.env` takes the variables of `start`. */
export const opencode = inProcess("opencode");

/** pi 1.6 (facts/harnesses.md, "pi"): the variables of `start` go in front of each command. */
export const pi = inProcess("pi");
