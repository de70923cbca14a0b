/** A process that can be told from a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in the kernel's own unit (Linux: ticks since boot). */
  readonly pid_start: string;
  readonly boot_id: string;
}

/** What is known of a process: it runs, it ended and nobody has asked for its exit code yet (zombie), or it is gone. */
export interface ProcessState {
  readonly state: "running" | "zombie" | "gone";
  readonly start: string;
  /** Exit code of a zombie, where the system lets us read it. */
  readonly exitCode?: number | null;
}

/** Facts about processes; injected, so that tests can have pids reused and machines rebooted. */
export interface ProcessFacts {
  /** The process itself. */
  self(): ProcessId;
  /** The boot of this machine. */
  bootId(): string;
  inspect(pid: number): ProcessState;
}

/**
 * Whether the same process still runs: same boot, same start, and no zombie. False without a start time (rows of the Python p9),
 * because another process may have the number by now.
 */
export function isAlive(facts: ProcessFacts, id: ProcessId): boolean {
  if (id.pid <= 0 || id.pid_start === "" || id.boot_id !== facts.bootId()) return false;
  const now = facts.inspect(id.pid);
  return now.state === "running" && id.pid_start === now.start;
}
