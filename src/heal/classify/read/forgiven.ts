import { invocations } from "./shell.ts";

/** What may fail without failing its step: `lint || true`. */
export interface Forgiven {
  /** Programs that every command of the step that runs them forgives. */
  readonly programs: ReadonlySet<string>;
  /** Lines that such commands printed, where the step echoes its commands: first and last, inclusive. */
  readonly printed: readonly (readonly [number, number])[];
}

const FORGIVES = /\|\|\s{0,8}(?:true|:|exit 0|(?:echo|printf)\b[^&|;]{0,200})\s{0,8}$/;

/** A command without the parts of its list that end well whatever their program does; empty when nothing is left. */
export function withoutForgiven(command: string): string {
  if (!command.includes("||")) return command;
  return command
    .split(";")
    .filter((part) => !FORGIVES.test(part))
    .join(";");
}

/** Reads which commands of a step forgive: those of its script, and those that its output echoes on `echoedAt`. */
export function forgiven(
  script: readonly string[],
  echoed: readonly string[],
  echoedAt: readonly number[],
  end: number,
): Forgiven {
  const parts = [...script, ...echoed].flatMap((command) => command.split(";"));
  const free = parts.filter((part) => FORGIVES.test(part));
  if (free.length === 0) return { programs: new Set(), printed: [] };
  const bound = new Set(programsOf(parts.filter((part) => !FORGIVES.test(part))));
  const printed = echoedAt.flatMap((at, index): [number, number][] =>
    FORGIVES.test(echoed[index] ?? "") ? [[at + 1, (echoedAt[index + 1] ?? end) - 1]] : [],
  );
  return { programs: new Set(programsOf(free).filter((program) => !bound.has(program))), printed };
}

function programsOf(commands: readonly string[]): string[] {
  return commands.flatMap(invocations).map(({ program }) => program);
}
