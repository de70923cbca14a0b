/** What a `git push` command line asks for. */
export interface PushArgs {
  /** Remote name or URL, or null when git chooses. */
  readonly remote: string | null;
  readonly refspecs: readonly string[];
  /** `--all`, `--mirror`, `--branches`: every branch. */
  readonly everything: boolean;
  /** `--tags` with no refspec: no branch at all. */
  readonly tagsOnly: boolean;
  /** `--dry-run`: nothing was sent, whatever git printed. */
  readonly dryRun: boolean;
  /** Options before `push` that say where git runs, in order: `-C`, `--git-dir`, `--work-tree`. */
  readonly where: readonly string[];
}

const TAKES_VALUE = new Set(["--repo", "--receive-pack", "--exec", "--push-option", "--recurse-submodules"]);
const GIT_TAKES_VALUE = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--exec-path"]);
const WHERE = new Set(["-C", "--git-dir", "--work-tree"]);

/** Whether a command is `git … push …`. */
export function isPush([program = "", ...words]: readonly string[]): boolean {
  if (!/^(?:.*\/)?git$/.test(program)) return false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (GIT_TAKES_VALUE.has(word)) index++;
    else if (!word.startsWith("-")) return word === "push";
  }
  return false;
}

/** Reads the argument vector of a `git … push …`, as git's own trace gives it. */
export function parsePushArgs(argv: readonly string[]): PushArgs {
  const { start, where } = findPush(argv);
  const positional: string[] = [];
  const flags = new Set<string>();
  let repo: string | null = null;
  let literal = false;
  for (let index = start; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (literal || !word.startsWith("-") || word === "-") positional.push(word);
    else if (word === "--") literal = true;
    else if (word.startsWith("--repo=")) repo = word.slice("--repo=".length);
    else if (TAKES_VALUE.has(word)) {
      index++;
      if (word === "--repo") repo = argv[index] ?? null;
    } else if (word.startsWith("--")) flags.add(word);
    else {
      if (/^-[^o]*n/.test(word)) flags.add("--dry-run");
      if (word.endsWith("o")) index++; // -o <option>, also at the end of a cluster: -qo <option>
    }
  }
  const [remote = repo, ...refspecs] = positional;
  return {
    remote,
    refspecs: joinTags(refspecs),
    everything: flags.has("--all") || flags.has("--mirror") || flags.has("--branches"),
    tagsOnly: flags.has("--tags") && refspecs.length === 0,
    dryRun: flags.has("--dry-run"),
    where,
  };
}

function findPush(argv: readonly string[]): { start: number; where: string[] } {
  const where: string[] = [];
  let index = 1;
  for (; index < argv.length && argv[index] !== "push"; index++) {
    const word = argv[index] ?? "";
    if (!GIT_TAKES_VALUE.has(word)) {
      if (/^--(git-dir|work-tree)=/.test(word)) where.push(word);
      continue;
    }
    index++;
    if (WHERE.has(word)) where.push(word, argv[index] ?? "");
  }
  return { start: index + 1, where };
}

/** `git push origin tag v1` means `refs/tags/v1`. */
function joinTags(refspecs: readonly string[]): string[] {
  const out: string[] = [];
  for (let index = 0; index < refspecs.length; index++) {
    const word = refspecs[index] ?? "";
    if (word === "tag" && index + 1 < refspecs.length) out.push(`refs/tags/${refspecs[++index]}`);
    else out.push(word);
  }
  return out;
}
