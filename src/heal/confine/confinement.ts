import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oneLine } from "../../base/text.ts";
import type { GitPlace } from "../../process/git.ts";
import type { Confine } from "./view.ts";
import { bubblewrap } from "./ways/bubblewrap.ts";
import { namespaces } from "./ways/namespaces.ts";

/** How heal commands are confined on this machine. */
export interface Confinement {
  /** Null: they are not. */
  readonly name: "bubblewrap" | "namespaces" | null;
  /** Null with {@link Confinement.name}. */
  readonly confine: Confine | null;
  /** One line for people: what is in force, or why nothing is. */
  readonly words: string;
}

/** The ways to confine, the better one first. */
export const WAYS = { bubblewrap, namespaces } as const;

type Deps = Pick<GitPlace, "exec" | "env">;

let chosen: Promise<Confinement> | undefined;

/** The confinement of this machine, tried once by a process: it is in force only when a program really ran confined. */
export function confinement(deps: Deps): Promise<Confinement> {
  chosen ??= choose(deps);
  return chosen;
}

async function choose(deps: Deps): Promise<Confinement> {
  const why: string[] = [];
  if (process.platform !== "linux") return none("this system offers neither bubblewrap nor Linux' namespaces");
  for (const name of ["bubblewrap", "namespaces"] as const) {
    const problem = await problemWith(WAYS[name], deps);
    if (problem === null) return { name, confine: WAYS[name], words: `heal commands are confined by ${WITH[name]}` };
    why.push(`${WITH[name]}: ${problem}`);
  }
  return none(why.join("; "));
}

const WITH = { bubblewrap: "bubblewrap", namespaces: "namespaces (unshare)" } as const;

function none(why: string): Confinement {
  return {
    name: null,
    confine: null,
    words: `heal commands are not confined here and can do what you can; only trust protects (${why})`,
  };
}

/** Writes where it may, tries to write where it may not, and says what it saw. */
const PROBE = `echo in > in && { echo out > "$1" || echo confined; } 2>/dev/null`;
const PROBE_LIMIT_MS = 5_000;

/** Why a way to confine does not work here; null: a program ran in it, wrote inside, and could not write outside. */
export async function problemWith(confine: Confine, { exec, env }: Deps): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "p9-confine-"));
  try {
    const [work, base] = [join(folder, "work"), join(folder, "base")];
    for (const path of [work, base]) mkdirSync(path);
    const argv = ["sh", "-c", PROBE, "p9-probe", join(folder, "out")];
    const view = { mounts: [{ kind: "write", from: work, to: work }], cwd: work, base, network: false } as const;
    const { code, stdout, stderr, notFound } = await exec(confine(view, argv), { env, timeoutMs: PROBE_LIMIT_MS });
    if (notFound) return "not installed";
    if (code === 0 && stdout === "confined\n") return null;
    return oneLine(stderr.trim().split("\n")[0] ?? "", 160) || "it does not confine here";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
