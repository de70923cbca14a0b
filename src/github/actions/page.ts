import { parseRepo, splitRepo } from "../../core/repo.ts";

/** A run of GitHub Actions, or a job of it, as the address of its page names it. */
export interface ActionsPage {
  /** Full name of the repository. */
  readonly repo: string;
  readonly run: number;
  /** Null: the latest, unless {@link ActionsPage.job} is of another. */
  readonly attempt: number | null;
  readonly job: number | null;
}

const PAGE =
  /^(https?:\/\/[^/?#]+\/[^?#]+)\/actions\/runs\/(\d{1,15})(?:\/attempts\/(\d{1,6}))?(?:\/jobs?\/(\d{1,15}))?(?:[/?#].*)?$/i;

/** Reads the address of a run's or job's page, at any host; null for any other. */
export function actionsPage(address: string): ActionsPage | null {
  const [, place, run, attempt, job] = PAGE.exec(address) ?? [];
  const repo = place === undefined ? null : parseRepo(place);
  if (repo === null) return null;
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  return { repo, run: Number(run), attempt: number(attempt), job: number(job) };
}

/** The address of a run's page. */
export function runUrl({ repo, run, attempt }: Pick<ActionsPage, "repo" | "run" | "attempt">): string {
  const { host, name } = splitRepo(repo);
  return `https://${host}/${name}/actions/runs/${run}${attempt === null ? "" : `/attempts/${attempt}`}`;
}
