import type { Span } from "./decoded.ts";

/** Flags of well-known programs whose value is a password although their name does not say so. */
interface ProgramFlags {
  /** The value is the next word, or follows at once. */
  readonly flags?: readonly string[];
  /** The value is `user:password`; only what follows the colon is hidden. */
  readonly users?: readonly string[];
  /** The value is `name=value` of a cookie, or the name of a file. */
  readonly cookies?: readonly string[];
  /** The value follows without a space only; with one it is something else. */
  readonly stuck?: readonly string[];
  /** The flags mean this only after the subcommand of this name. */
  readonly after?: string;
}

const MYSQL: ProgramFlags = { stuck: ["-p"] };
const LOGIN: ProgramFlags = { flags: ["-p"], after: "login" };

const PROGRAMS: Readonly<Record<string, ProgramFlags>> = {
  mysql: MYSQL,
  mysqldump: MYSQL,
  mysqladmin: MYSQL,
  mariadb: MYSQL,
  "mariadb-dump": MYSQL,
  docker: LOGIN,
  podman: LOGIN,
  helm: LOGIN,
  skopeo: LOGIN,
  oras: LOGIN,
  nerdctl: LOGIN,
  buildah: LOGIN,
  crane: LOGIN,
  az: LOGIN,
  oc: LOGIN,
  cf: LOGIN,
  sshpass: { flags: ["-p"] },
  mongosh: { flags: ["-p"] },
  mongo: { flags: ["-p"] },
  mongodump: { flags: ["-p"] },
  twine: { flags: ["-p"] },
  "redis-cli": { flags: ["-a"] },
  sqlcmd: { flags: ["-P"] },
  bcp: { flags: ["-P"] },
  ldapsearch: { flags: ["-w"] },
  ldapmodify: { flags: ["-w"] },
  ldapadd: { flags: ["-w"] },
  zip: { flags: ["-P"] },
  unzip: { flags: ["-P"] },
  "7z": { stuck: ["-p"] },
  plink: { flags: ["-pw"] },
  pscp: { flags: ["-pw"] },
  keytool: { flags: ["-storepass", "-keypass", "-srcstorepass", "-deststorepass"] },
  jarsigner: { flags: ["-storepass", "-keypass"] },
  openssl: { flags: ["-pass", "-passin", "-passout", "-k"] },
  curl: { users: ["-u", "--user", "--proxy-user", "-U"], cookies: ["-b"] },
  http: { users: ["-a", "--auth"] },
  https: { users: ["-a", "--auth"] },
  wget: {},
  nuget: { flags: ["-ApiKey", "-k", "-p"] },
  vercel: { flags: ["-t"] },
  codecov: { flags: ["-t"] },
  cypress: { flags: ["--key", "-k"] },
  vsce: { flags: ["-p"] },
  ovsx: { flags: ["-p"] },
  signtool: { flags: ["/p", "-p"] },
  gh: { flags: ["-b", "--body"], after: "secret" },
};
const PROGRAM = new RegExp(`(?<![\\w.@-])(?:${Object.keys(PROGRAMS).join("|")})(?=[ \\t"'])`, "g");
const WORD = /[ \t"',[\]]*(?:"([^"\n]{0,1000})"|'([^'\n]{0,1000})'|([^\s"',|;]+))/y;
const MAX_WORDS = 60;

/** Passwords on the command lines of well-known programs: `mysql -pX`, `curl -u me:X`, `docker login -p X`. */
export function programSecrets(text: string): Span[] {
  const spans: Span[] = [];
  PROGRAM.lastIndex = 0;
  for (let hit = PROGRAM.exec(text); hit; hit = PROGRAM.exec(text)) {
    PROGRAM.lastIndex = readLine(text, PROGRAM.lastIndex, PROGRAMS[hit[0]] ?? {}, spans);
  }
  return spans;
}

type Kind = "flag" | "user" | "cookie";

/** Reads the words behind a program's name; returns where it stopped. */
function readLine(text: string, from: number, first: ProgramFlags, spans: Span[]): number {
  let program = first;
  let on = program.after === undefined;
  let expects: Kind | null = null;
  WORD.lastIndex = from;
  for (let count = 0; count < MAX_WORDS; count++) {
    const at = WORD.lastIndex;
    const match = WORD.exec(text);
    if (!match || /\n/.test(match[0])) return Math.max(from, at);
    const word = match[1] ?? match[2] ?? match[3] ?? "";
    const end = WORD.lastIndex - (match[3] === undefined ? 1 : 0);
    const start = end - word.length;
    const next = PROGRAMS[word];
    if (expects !== null) hide(word, start, end, expects, spans);
    expects = null;
    if (next) program = next;
    if (next) on = program.after === undefined;
    else if (word === program.after) on = true;
    if (!on || !/^[-/]/.test(word)) continue;
    if (program.flags?.includes(word) || isQuotedAfter(text, end, word, program)) expects = "flag";
    else if (program.users?.includes(word)) expects = "user";
    else if (program.cookies?.includes(word)) expects = "cookie";
    else readStuck(word, start, end, program, spans);
  }
  return WORD.lastIndex;
}

/** `-p'X'`: a flag whose value is stuck to it, in quotes. */
function isQuotedAfter(text: string, end: number, word: string, program: ProgramFlags): boolean {
  return program.stuck?.includes(word) === true && /["']/.test(text[end] ?? "");
}

/** A flag with its value in one word: `-pX`, `-p=X`, `-ume:X`, `--user=me:X`. */
function readStuck(word: string, start: number, end: number, program: ProgramFlags, spans: Span[]): void {
  const flag = [...(program.stuck ?? []), ...(program.flags ?? [])].find((one) => stuckTo(word, one));
  const user = program.users?.find((one) => stuckTo(word, one));
  const length = (flag ?? user ?? "").length;
  if (length === 0) return;
  const from = start + length + (word[length] === "=" ? 1 : 0);
  hide(word.slice(from - start), from, end, flag === undefined ? "user" : "flag", spans);
}

function stuckTo(word: string, flag: string): boolean {
  if (!word.startsWith(flag) || word.length < flag.length + 3) return false;
  return flag.length === 2 ? true : word[flag.length] === "=";
}

function hide(word: string, start: number, end: number, kind: Kind, spans: Span[]): void {
  const colon = word.indexOf(kind === "cookie" ? "=" : ":");
  const skipped = kind !== "flag" ? colon + 1 : /^(?:pass|env|file|fd|stdin):/.test(word) ? colon + 1 : 0;
  if (kind !== "flag" && colon < 0) return;
  if (kind === "flag" && /^(?:env|file|fd|stdin):/.test(word)) return;
  const secret = word.slice(skipped);
  if (secret.length < 3 || /^[*$<{-]|^\*+$/.test(secret) || /^\d{1,5}(?::\d+)?$/.test(secret)) return;
  if (start + skipped < end) spans.push({ start: start + skipped, end });
}
