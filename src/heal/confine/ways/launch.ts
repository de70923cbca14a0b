import { SHELL } from "../../../process/exec.ts";

/**
 * Starts a program with nothing open but its input and output: what a client, a shell or a `flock 9` opened before it ran p9 may be
 * written to. Without bash only the descriptors of one digit are closed; a plain shell can name no others.
 */
export function withNothingOpen(argv: readonly string[]): readonly string[] {
  return [SHELL, "-c", CLOSE, "p9-launch", ...argv];
}

const ALL = `for one in /dev/fd/*; do one=\${one##*/}; [ "$one" -le 2 ] || eval "exec $one>&-"; done; exec "$@"`;
const CLOSE = `command -v bash >/dev/null && exec bash --noprofile --norc -c '${ALL}' p9-launch "$@"
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
exec "$@"`;

/** So many processes and threads of one command run at once; the system counts none of root's. */
const MOST_PROCESSES = 8192;

/** Starts a program in a user namespace of its own that cannot fill the machine with processes. */
export function withFewProcesses(argv: readonly string[]): readonly string[] {
  return [SHELL, "-c", FEW, "p9-launch", ...argv];
}

// Shells do not agree on the letter.
const FEW = `ulimit -u ${MOST_PROCESSES} 2>/dev/null || ulimit -p ${MOST_PROCESSES} 2>/dev/null
exec "$@"`;

/** Starts a program that ends when p9 does, however p9 ends; where util-linux cannot do that, as it is. */
export function endsWithParent(argv: readonly string[]): readonly string[] {
  return [SHELL, "-c", FOLLOW, "p9-launch", ...argv];
}

const FOLLOW = `setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL "$@"
exec "$@"`;
