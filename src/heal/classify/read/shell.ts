/** A program that a command runs, without what only wraps it. */
export interface Invocation {
  /** Its name without folder and ending: `mvn` for `./mvnw`, `pytest` for `poetry run python -m pytest`. */
  readonly program: string;
  /** Name and arguments, separated by one space. */
  readonly line: string;
  /** A script of the project, or a task that a runner of tasks knows by name: what it runs is told by its name only. */
  readonly named: boolean;
  /** Its first words say what it does: it has commands of its own, or runs tasks. */
  readonly hasCommands: boolean;
}

/** Programs that run the program named behind them: `skip` arguments of their own come first. */
const WRAPPERS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "sudo env time nice ionice exec command eval nohup stdbuf setarch xvfb-run npx bunx uvx xargs cross-env travis_retry retry chronic"
      .split(" ")
      .map((name) => [name, 0]),
  ),
  timeout: 1,
  travis_wait: 0,
};

/** The same in two words. */
const TWO_WORDS: Readonly<Record<string, readonly string[]>> = {
  poetry: ["run"],
  pipenv: ["run"],
  pdm: ["run"],
  hatch: ["run"],
  rye: ["run"],
  uv: ["run"],
  conda: ["run"],
  pipx: ["run"],
  bundle: ["exec"],
  pnpm: ["exec", "dlx"],
  yarn: ["exec", "dlx"],
  npm: ["exec"],
  mise: ["exec", "x"],
  rbenv: ["exec"],
  direnv: ["exec"],
  coverage: ["run"],
  doppler: ["run"],
  dotenv: ["run"],
  composer: ["exec"],
};

/** Interpreters whose first argument is the program. */
const INTERPRETERS =
  /^(?:python[\d.]*|pypy[\d.]*|py|node|nodejs|php|ruby|perl|bash|sh|zsh|dash|pwsh|powershell|deno|bun|tsx|ts-node)$/;
/** Runners of the project's own tasks. */
const TASKS =
  /^(?:npm|pnpm|yarn|bun|just|task|make|gmake|rake|mage|invoke|inv|poe|nx|turbo|lerna|rush|mise|composer|tox|nox|grunt|gulp|wireit|moon|hatch|earthly|dagger|melos|sbt|lein|cargo-make|makers|doit|nps|deno)$/;
/** Programs with commands of their own, whose meaning is told by the words behind them. */
const WITH_COMMANDS =
  /^(?:go|cargo|dotnet|mvn|mvnd|gradle|bazel|bazelisk|buck2?|swift|flutter|dart|docker|podman|helm|buf|mix|rails|stack|cabal|dune|zig|nim|nimble|crystal|ant|clojure|clj|artisan|terraform|tofu|forge|hardhat|ng|next|nuxt|vite|vue-cli-service|react-scripts|expo|ember|xcodebuild|meson|cmake|scons|molecule|pre-commit|rebar3|sfdx|aws|gcloud|nix|opa|conftest|pulumi|sam|serverless)$/;
const SHELL_WORDS = /^(?:if|then|else|elif|do|while|until|!|\(|\{|&&|\|\||set|time)$/;
const NO_PROGRAMS =
  /^(?:#|echo$|printf$|cd$|export$|set$|fi$|done$|esac$|exit$|return$|true$|false$|source$|\.$|pushd$|popd$|mkdir$|rm$|cp$|mv$|ls$|cat$|test$|\[+$|local$|for$|case$|trap$|unset$|shift$|read$|sleep$|wait$|chmod$|chown$|e?grep$|sed$|awk$|find$|head$|tail$|tee$|sort$|wc$|touch$|ln$|which$|type$|kill$|ps$|date$|du$|df$|free$|uname$|jq$|yq$|gzip$|zip$)/;

/** The programs that a command line runs, in order: chains, pipes and lists are split, wrappers are taken off. */
export function invocations(command: string): Invocation[] {
  const text = command.slice(0, 2_000);
  const inner = [...text.matchAll(/\$\(([^()`]{1,300})\)|`([^`()]{1,300})`/g)].map(
    ([, one, other]) => one ?? other ?? "",
  );
  return [...inner, text].flatMap((one) => parts(one)).flatMap((words) => unwrap(words) ?? []);
}

/** Splits a command line at its operators into words; quotes keep words together. */
function parts(command: string): string[][] {
  const all: string[][] = [[]];
  const pattern = /"([^"]{0,1000})"|'([^']{0,1000})'|(&&|\|\|?|;)|([^\s"';|&]{1,500}|&)/g;
  for (const [, double, single, operator, bare] of command.matchAll(pattern)) {
    if (operator !== undefined) all.push([]);
    else all.at(-1)?.push(double ?? single ?? bare ?? "");
  }
  return all.filter((words) => words.length > 0);
}

function unwrap(given: readonly string[]): Invocation | Invocation[] | undefined {
  let words = [...given];
  for (let round = 0; round < 12; round++) {
    const [first = "", second = ""] = words;
    if (first === "") return undefined;
    const name = nameOf(first);
    if (SHELL_WORDS.test(first) || /^[A-Za-z_]\w*=/.test(first)) words = words.slice(1);
    else if (WRAPPERS[name] !== undefined) words = withoutOptions(words.slice(1), WRAPPERS[name]);
    else if (TWO_WORDS[name]?.includes(second)) words = withoutOptions(words.slice(2), 0);
    else if (INTERPRETERS.test(name) && /^-\w*c$/.test(second)) return invocations(words[2] ?? "");
    else if (INTERPRETERS.test(name) && second === "-m") words = words.slice(2);
    else if (INTERPRETERS.test(name) && words.length > 1 && !/^(?:deno|bun)$/.test(name)) {
      const script = withoutOptions(words.slice(1), 0);
      if (script.length === 0) return undefined;
      return invocation(script, isProjects(script[0] ?? ""));
    } else return invocation(words, isProjects(first));
  }
  return undefined;
}

function invocation(words: readonly string[], isScript: boolean): Invocation | undefined {
  const [first = "", ...rest] = words;
  const program = nameOf(first);
  if (program === "" || NO_PROGRAMS.test(program)) return undefined;
  const args = rest.filter((word) => !/^\+\w/.test(word));
  if (args.length > 0 && args.every((word) => /^(?:--?version|-V|-v|version|--help|-h|-J-\S+|-X\S+)$/.test(word)))
    return undefined;
  const named = isScript || TASKS.test(program);
  return { program, line: [program, ...args].join(" "), named, hasCommands: named || WITH_COMMANDS.test(program) };
}

/** A path that is not among installed programs. */
function isProjects(word: string): boolean {
  return /\//.test(word)
    ? !/(?:^|\/)(?:s?bin|node_modules\/\.bin|vendor\/bin)\//.test(word) && !/(?:mvnw|gradlew)(?:\.\w+)?$/.test(word)
    : /\.(?:sh|py|rb|pl|js|mjs|cjs|ts|ps1|php)$/.test(word);
}

function withoutOptions(words: readonly string[], own: number): string[] {
  let at = 0;
  while (at < words.length && /^-/.test(words[at] ?? "")) at++;
  let rest = words.slice(at);
  for (let count = 0; count < own; count++) rest = rest.slice(1);
  return /^\d+[smh]?$/.test(rest[0] ?? "") ? rest.slice(1) : [...rest];
}

function nameOf(word: string): string {
  const base = (word.split(/[\\/]/).at(-1) ?? word).replace(/\.(?:exe|cmd|bat)$/i, "");
  if (/^mvnw$/.test(base)) return "mvn";
  if (/^gradlew$/.test(base)) return "gradle";
  return base.replace(/^npm:@?/, "");
}
