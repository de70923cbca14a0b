// Peak memory of one driver with 1, 20 and 100 pull requests in flight, `gh` included: `deno run -A tests/bench/memory.ts [seconds]`,
// after a build. The Python p9 takes 60 MB for each pull request.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { sandbox } from "../helpers/p9.ts";
import { processesWith } from "../helpers/processes.ts";
import { startGitHub } from "../servers/github/mod.ts";

const SECONDS = Number(process.argv[2] ?? 40);
const TARGET_MB: Record<number, number> = { 1: 80, 20: 90, 100: 120 };
const SAMPLE_MS = 10;

/** MB of resident memory that the processes have together now. */
function residentMb(marker: string): number {
  const kb = processesWith(marker).reduce(
    (sum, pid) => sum + (Number(/^VmRSS:\s+(\d+)/m.exec(status(pid))?.[1]) || 0),
    0,
  );
  return kb / 1024;
}

function status(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

async function measure(count: number): Promise<void> {
  const github = await startGitHub();
  const user = sandbox({ keep: true });
  try {
    user.write(".control/policy.yaml", "ci_watch:\n  max_concurrent_prs: 1000\nci_heal: {}\n");
    const repo = github.world.repo("octo/app");
    for (let pr = 1; pr <= count; pr++)
      repo.pull(pr).head.checks("build", "lint", { name: "test", starts: 1, ends: null });
    const watch = async (pr: number) => {
      const { code, stderr } = await user.p9(["watch", `${pr}`, "--repo", "octo/app", "--background"], {
        env: github.env,
      });
      if (code !== 0) throw new Error(stderr);
    };
    for (let pr = 1; pr <= count; pr += 4) {
      await Promise.all(Array.from({ length: Math.min(4, count - pr + 1) }, (_, i) => watch(pr + i)));
    }
    let peak = 0;
    let sum = 0;
    let samples = 0;
    const points = github.points;
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; samples++) {
      const now = residentMb(user.dir);
      peak = Math.max(peak, now);
      sum += now;
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
    const cost = github.points - points;
    const python = count * 60;
    console.log(
      `${String(count).padStart(3)} pull requests: peak ${peak.toFixed(0)} MB (target ${TARGET_MB[count]}), mean ${(sum / samples).toFixed(0)} MB, ${cost} GitHub points in ${SECONDS} s; the Python p9: ${python} MB`,
    );
  } finally {
    await user.close();
    await github.stop();
  }
}

if (spawnSync("gh", ["--version"]).error) throw new Error('Cannot measure without the program "gh"');
for (const count of [1, 20, 100]) await measure(count);
