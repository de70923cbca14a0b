import { oneLine } from "../base/text.ts";
import type { Env, PluginContext, RunsContext, TrustSubject } from "../contract/context.ts";
import type { OptionSpecs } from "../contract/options.ts";
import { checkOptions, specsProblem } from "../plugins-host/parts/options.ts";
import { type Check, fail } from "./check.ts";
import { changedPaths, snapshotFolder } from "./folder.ts";

/** What wait kinds, queue sources and notifiers have in common. */
export interface Part {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
}

/** Checks of a part's own description. */
export function partChecks(part: Part): readonly Check[] {
  return [
    {
      name: "has a kebab-case name and a summary of one line",
      run: async () => {
        if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(part.name)) fail(`The name is "${part.name}"`);
        if (part.summary !== oneLine(part.summary, 120))
          fail("The summary is not one clean line of at most 120 characters");
        return undefined;
      },
    },
    {
      name: "describes its options, with defaults that fit",
      run: async () => {
        const problem = specsProblem(part.options ?? {});
        if (problem) fail(`In its options, ${problem}`);
        const required = Object.values(part.options ?? {}).some((spec) => spec.required);
        if (!required) checkOptions(part.name, part.options ?? {}, {});
        return undefined;
      },
    },
    {
      name: "names credential variables as variables are named",
      run: async () => {
        const wrong = (part.env ?? []).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
        if (wrong !== undefined) fail(`"${wrong}" is no name of a variable`);
        return undefined;
      },
    },
  ];
}

/** Name of the check that {@link asksWhatItDeclares} makes. */
export const TRUST_CHECK = "asks for trust in nothing but what its runs() gives";

/** Fails when `use` asks for trust that the part does not declare, because `p9 trust` would never show it. */
export async function asksWhatItDeclares<C extends PluginContext>(
  part: { runs?(context: RunsContext): Promise<readonly TrustSubject[]> },
  context: C,
  root: string | null,
  use: (context: C) => Promise<unknown>,
): Promise<void> {
  const asked: TrustSubject[] = [];
  const trusted: PluginContext["trusted"] = (subject, content, command) => {
    asked.push({ subject, content, ...(command === undefined ? {} : { command }) });
    return context.trusted(subject, content, command);
  };
  await use({ ...context, trusted });
  if (asked.length === 0) return;
  const declared = (await part.runs?.({ ...context, root: root ?? context.cwd })) ?? [];
  const isDeclared = (one: TrustSubject) =>
    declared.some(
      ({ subject, content, command }) => subject === one.subject && content === one.content && command === one.command,
    );
  const missing = asked.find((one) => !isDeclared(one));
  if (missing)
    fail(`It asks for trust in "${missing.subject}", which runs() does not give with the same content and command`);
}

/** The name of a credential whose value appears in `value`, or null. */
export function leaks(value: unknown, part: Part, env: Env): string | undefined {
  const text = JSON.stringify(value) ?? "";
  return (part.env ?? []).find((name) => (env[name]?.length ?? 0) >= 6 && text.includes(env[name] ?? ""));
}

/** Runs `work`; fails when files in `folders` changed that do not lie below `own`. */
export async function writesNothing(folders: readonly string[], own: readonly string[], work: () => Promise<unknown>) {
  const before = folders.map((folder) => snapshotFolder(folder, own));
  await work();
  const changed = folders.flatMap((folder, i) => changedPaths(before[i] ?? new Map(), snapshotFolder(folder, own)));
  if (changed.length > 0)
    fail(
      `It changed ${changed
        .slice(0, 3)
        .map((path) => `"${path}"`)
        .join(", ")}`,
    );
}
