import { splitRepo } from "../core/repo.ts";
import { isTooMuch, type PieceAnswer, readProblem } from "./answer/problem.ts";
import { GitHubError } from "./errors.ts";

/** One piece of a query on one repository. */
export interface Piece {
  readonly repo: string;
  /** Fields for `repository(…) { … }`, with literal arguments. */
  readonly selection: string;
}

interface Asked {
  readonly piece: Piece;
  resolve(answer: PieceAnswer): void;
  reject(error: unknown): void;
}

/** With more aliases, a query is likely to exceed GitHub's time limit of 10 s. */
const MAX_PIECES = 25;
/** Pieces that are requested within this time go into one query. */
const WINDOW_MS = 5;

/**
 * Collects pieces that are requested at the same moment and sends them as one query, each under its own alias. `send` gets the
 * query and returns GitHub's `data` and `errors`.
 */
export function batcher(send: (query: string) => Promise<{ data: unknown; errors: readonly unknown[] }>) {
  let waiting: Asked[] = [];
  let most = MAX_PIECES;
  /** Halves the number of pieces after a query that GitHub could not finish, and raises it again after those that it did. */
  const adapt = (asked: number, finished: boolean) => {
    if (!finished) most = Math.max(1, Math.floor(asked / 2));
    else if (asked >= most) most = Math.min(MAX_PIECES, most + 1);
  };
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += most) {
      const part = all.slice(at, at + most);
      void sendTogether(part, send).then((finished) => adapt(part.length, finished));
    }
  };
  return (piece: Piece): Promise<PieceAnswer> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ piece, resolve, reject }) === 1) setTimeout(flush, WINDOW_MS);
    });
}

async function sendTogether(
  asked: readonly Asked[],
  send: (query: string) => Promise<{ data: unknown; errors: readonly unknown[] }>,
): Promise<boolean> {
  try {
    const { data, errors } = await send(
      `query p9 {\n${asked.map(({ piece }, index) => alias(piece, index)).join("\n")}\n  rateLimit { cost }\n}`,
    );
    const problems = errors.map(readProblem);
    for (const [index, one] of asked.entries()) {
      const name = `r${index}`;
      // A message without a path may be about any piece.
      const own = problems
        .filter(({ path }) => path.length === 0 || path[0] === name)
        .map((item) => ({ ...item, path: item.path.slice(1) }));
      one.resolve({ data: member(data, name), problems: own });
    }
    return !problems.some(isTooMuch);
  } catch (error) {
    for (const one of asked) one.reject(error);
    return !(error instanceof GitHubError && error.problem === "server-error");
  }
}

function alias({ repo, selection }: Piece, index: number): string {
  const [owner, name] = splitRepo(repo).name.split("/");
  return `  r${index}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { ${selection} }`;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : null;
}
