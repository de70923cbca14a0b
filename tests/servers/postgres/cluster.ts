import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL of the test's own, on a unix socket. */
export interface Cluster {
  /** libpq's variables of its superuser. */
  readonly env: Record<string, string>;
  /** Runs statements to their end and gives what they print. */
  sql(text: string): string;
  /** A session of its own that runs statements in the background; `kill` cancels what it runs. */
  session(text: string): Session;
  /** Makes a table `items` and a function `slow`: what evaluates `slow(id)` over it stops half-way while the gate is closed. */
  gatedItems(): Gate;
  stop(): void;
}

/** Stops builds half-way, so that a test sees them running for as long as it wants. */
export interface Gate {
  close(): void;
  open(): void;
}

/** A session that was started with {@link Cluster.session}. */
export interface Session {
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  /** Sends more statements, when the session was started with none. */
  write(text: string): void;
  /** Ends its input. */
  end(): void;
}

/** Where Debian puts the server's programs: newest version first. */
function programs(): string {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (!newest)
    throw new Error('Cannot start PostgreSQL: there is no "/usr/lib/postgresql" (Debian package postgresql)');
  return join("/usr/lib/postgresql", newest, "bin");
}

/** Starts a server in a folder of its own. The server refuses to run as root, so root lends it the user `postgres`. */
export function startPostgres(): Cluster {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), "p9pg-"));
  const user = process.getuid?.() === 0 ? passwd("postgres") : {};
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LANG: "C" } };
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync"], {
    ...options,
    stdio: "ignore",
  });
  const rules = join(data, "pg_hba.conf");
  writeFileSync(rules, `local all locked scram-sha-256\n${readFileSync(rules, "utf8")}`);
  appendFileSync(
    join(data, "postgresql.conf"),
    `\nlisten_addresses = ''\nunix_socket_directories = '${folder}'\nfsync = off\nmax_parallel_maintenance_workers = 0\n`,
  );
  const server = spawn(join(bin, "postgres"), ["-D", data], { ...options, stdio: "ignore" });
  const env = { PGHOST: folder, PGPORT: "5432", PGUSER: "postgres", PGDATABASE: "postgres", PGAPPNAME: "test" };
  const all = { PATH: `${bin}:${process.env.PATH}`, HOME: folder, ...env };
  ready(bin, all, server);
  const sessions: ChildProcess[] = [];
  return {
    env,
    sql: (text) =>
      execFileSync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"], {
        env: all,
        input: text,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "pipe"],
      }).trim(),
    session: (text) => open(all, text, sessions),
    gatedItems() {
      const gate = join(folder, "gate");
      this.sql(gatedItems(gate));
      return { close: () => writeFileSync(gate, ""), open: () => rmSync(gate, { force: true }) };
    },
    stop() {
      for (const session of sessions) session.kill("SIGKILL");
      server.kill("SIGINT");
      spawnSync("sh", [
        "-c",
        `for n in $(seq 100); do kill -0 ${server.pid} 2>/dev/null || exit 0; sleep 0.05; done; kill -9 ${server.pid}`,
      ]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Four wide rows to a block, so that there is progress; the gate is a file. */
function gatedItems(gate: string): string {
  return `
    create table items (id int, pad text);
    alter table items alter pad set storage plain;
    insert into items select n, repeat('x', 1900) from generate_series(1, 400) n;
    create function slow(n int) returns int immutable language plpgsql as $$ begin
      while n = 200 and (pg_stat_file('${gate}', true)).size is not null loop perform pg_sleep(0.02); end loop;
      return n;
    end $$;`;
}

function open(env: Record<string, string>, text: string, sessions: ChildProcess[]): Session {
  const child = spawn("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"], {
    env,
    stdio: ["pipe", "ignore", "pipe"],
  });
  sessions.push(child);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  child.stdin?.write(`${text}\n`);
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stderr })),
  );
  return { ended, write: (more) => child.stdin?.write(`${more}\n`), end: () => child.stdin?.end() };
}

function passwd(name: string): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function ready(bin: string, env: Record<string, string>, server: ChildProcess): void {
  for (let tries = 0; tries < 300; tries += 1) {
    if (spawnSync(join(bin, "pg_isready"), [], { env, stdio: "ignore" }).status === 0) return;
    if (server.exitCode !== null) break;
    spawnSync("sleep", ["0.1"]);
  }
  server.kill("SIGKILL");
  throw new Error("Cannot start PostgreSQL: it did not become ready within 30 s");
}
