import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { slug } from "../base/text.ts";
import { ForbiddenError, UsageError } from "../core/errors.ts";
import { sameRepo } from "../core/repo.ts";
import { GitHubError } from "../github/errors.ts";
import { makeDir, replaceFile } from "../store/files.ts";
import { type AnswerDeps, resolveFixed } from "./answer.ts";

/** A thread that p9 answered before its fix was pushed. */
export interface EarlyAnswer {
  readonly id: string;
  readonly repo: string;
  readonly number: number;
  /** Full sha of the head that it was answered on. */
  readonly head: string;
}

/** Keeps such a thread in a folder, a file each. */
export function keepEarlyAnswer(folder: string, answer: EarlyAnswer): void {
  makeDir(folder);
  replaceFile(fileOf(folder, answer.id), JSON.stringify(answer));
}

/**
 * Resolves the threads of a pull request that p9 answered before the head that it has now: the answer is no longer alone. A thread that may
 * not be resolved, or is gone, is forgotten; where GitHub cannot be asked now it is left for the next time.
 */
export async function resolveEarlyAnswers(
  folder: string,
  { repo, number, head }: Omit<EarlyAnswer, "id">,
  deps: AnswerDeps,
): Promise<void> {
  const due = read(folder).filter((one) => one.number === number && sameRepo(one.repo, repo) && one.head !== head);
  for (const { id } of due) {
    try {
      if (!(await resolveFixed(id, deps))) continue;
    } catch (error) {
      const isOver = error instanceof ForbiddenError || error instanceof UsageError;
      if (!isOver && !(error instanceof GitHubError)) throw error;
      if (!isOver && !error.lasting) continue;
    }
    rmSync(fileOf(folder, id), { force: true });
  }
}

const fileOf = (folder: string, id: string) => join(folder, `answered-${slug(id)}.json`);

function read(folder: string): EarlyAnswer[] {
  return names(folder).flatMap((name) => {
    try {
      const { id, repo, number, head } = asObject(JSON.parse(readSmallFile(join(folder, name))));
      const isWhole = typeof id === "string" && typeof repo === "string" && typeof head === "string";
      return isWhole && typeof number === "number" ? [{ id, repo, number, head }] : [];
    } catch {
      return [];
    }
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^answered-.*\.json$/.test(name));
  } catch {
    return [];
  }
}

const asObject = (value: unknown) => (isObject(value) ? value : {});
