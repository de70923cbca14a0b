import { sandbox } from "../helpers/p9.ts";
import { startGitHub } from "../servers/github/mod.ts";

/** A termination report. */
export interface Report {
  readonly pr: number | null;
  readonly state: string;
  readonly outcome: string;
  readonly reason: string;
  readonly sha: string;
  readonly next_action: string;
}

/** A row of `p9 status`. */
export interface Row {
  readonly wait_id: string;
  readonly last_look: string | null;
  readonly pr: number;
  readonly to_state: string;
  readonly sha: string;
  readonly needs: string | null;
}

/** GitHub on loopback with the repository `octo/app`, and a user whose p9 talks to it. */
export async function prLab() {
  const github = await startGitHub();
  const box = sandbox();
  const env = { ...github.env, BROOMVA_P9_REPO: "octo/app", BROOMVA_P9_SESSION: "s1" };
  /** Writes the policy: `watch` are lines of `ci_watch`. */
  const policy = (watch = "", max = 10) => {
    const base = ["ci_watch:", `  max_concurrent_prs: ${max}`, "  settle: 0"];
    const lines = [...base, ...watch.split("\n"), "ci_heal:", "  enabled: false"];
    box.write(".control/policy.yaml", `${lines.filter(Boolean).join("\n")}\n`);
  };
  policy();
  const rows = async () => (await box.json<{ open_prs: Row[] }>(["status"], { env })).open_prs;
  return { github, box, env, policy, rows, repo: github.world.repo("octo/app") };
}

export type PrLab = Awaited<ReturnType<typeof prLab>>;
