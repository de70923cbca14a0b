import { UsageError } from "../../../core/errors.ts";
import type { Wait } from "../../../core/wait.ts";
import type { Workplace } from "../../../queue/workplace.ts";

/**
 * The wait that people name by its id, its pull request's number or its name; the newest when several are called so.
 *
 * @throws {UsageError} when there is none.
 */
export function findWait({ input }: Workplace, name: string): Wait {
  const { store, repo } = input;
  const byId = store.find(name);
  if (byId) return byId;
  const number = /^#?(\d+)$/.exec(name)?.[1];
  if (number) {
    const byPr = store.findPr(repo, Number(number));
    if (byPr) return byPr;
  }
  const named = [...store.read().waits.values()].filter((wait) => wait.ref === name).at(-1);
  if (!named) throw new UsageError(`Cannot find the wait "${name}": wanted an id, a pull request's number or a name`);
  return named;
}
