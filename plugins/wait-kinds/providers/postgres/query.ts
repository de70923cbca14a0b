import { type LookContext, ObservationError, oneLine } from "../../../../src/plugin.ts";
import type { Values } from "../../../../src/provider.ts";

/** What one look at the server's catalogs gives. */
export interface Seen {
  /** The index or materialized view, or null when there is none of that name. */
  readonly relation: {
    readonly oid: number;
    readonly kind: string;
    readonly filenode: number | null;
    readonly populated: boolean;
    readonly valid: boolean | null;
  } | null;
  /** A session that builds it, as `pg_stat_progress_create_index` tells. */
  readonly build: Build | null;
  /** A session that refreshes it. */
  readonly refresh: {
    readonly pid: number;
    readonly query: string;
    readonly started: string;
    readonly blockers: readonly Blocker[];
  } | null;
  /** Sessions whose details this role may not read, which hold a lock on the table that a build takes. */
  readonly hidden: number;
  /** Somebody holds a lock on the view that a refresh takes; also seen by roles that may read nothing else. */
  readonly locked: string | null;
  /** What a failed REINDEX CONCURRENTLY left behind. */
  readonly leftovers: readonly string[];
}

/** A running CREATE INDEX or REINDEX. */
export interface Build {
  readonly pid: number;
  readonly command: string;
  readonly phase: string;
  readonly blocks_done: number;
  readonly blocks_total: number;
  readonly tuples_done: number;
  readonly tuples_total: number;
  readonly started: string;
  readonly blockers: readonly Blocker[];
}

/** A session that another one waits for. */
export interface Blocker {
  readonly pid: number;
  readonly usename: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly since_s: number | null;
}

const BLOCKERS = (
  pid: string,
) => `(select coalesce(json_agg(json_build_object('pid', b.pid, 'usename', b.usename, 'application', b.application_name,
    'state', b.state, 'since_s', extract(epoch from now() - b.xact_start)::int)), '[]')
  from pg_stat_activity b where b.pid = any(${pid}))`;

/** Takes no lock that could block a build or refresh, or be blocked by one. */
const SQL = `set statement_timeout = '15s';
with target as (
  select c.oid, c.relkind, c.relname, c.relnamespace, c.relispopulated, i.indisvalid, i.indrelid, pg_relation_filenode(c.oid) filenode
  from pg_class c left join pg_index i on i.indexrelid = c.oid where c.oid = to_regclass(:'name')
), builds as (
  select p.*, a.query, a.query_start from pg_stat_progress_create_index p join pg_stat_activity a using (pid)
  where p.datid = (select oid from pg_database where datname = current_database())
), ours as (
  select * from builds b where b.relid is not null and (
    b.index_relid in (select oid from target)
    or exists (select from pg_class n where n.oid = b.index_relid and left(n.relname, length(:'bare') + 6) = :'bare' || '_ccnew')
    or (coalesce(b.index_relid, 0) = 0 and position(lower(:'bare') in lower(b.query)) > 0)
    or (b.command like 'REINDEX%' and b.relid in (select indrelid from target) and position(lower(:'bare') in lower(b.query)) > 0))
  limit 1
)
select json_build_object(
  'relation', (select json_build_object('oid', oid::int8, 'kind', relkind, 'filenode', filenode::int8, 'populated', relispopulated, 'valid', indisvalid) from target),
  'build', (select json_build_object('pid', pid, 'command', command, 'phase', phase, 'blocks_done', blocks_done, 'blocks_total', blocks_total,
    'tuples_done', tuples_done, 'tuples_total', tuples_total, 'started', query_start,
    'blockers', ${BLOCKERS("pg_blocking_pids(ours.pid) || coalesce(nullif(ours.current_locker_pid, 0), -1)::int")}) from ours),
  'refresh', (select json_build_object('pid', a.pid, 'query', left(a.query, 200), 'started', a.query_start, 'blockers', ${BLOCKERS("pg_blocking_pids(a.pid)")})
    from pg_stat_activity a where a.datname = current_database() and a.state = 'active' and a.pid <> pg_backend_pid()
    and a.query ~* '^\\s*refresh\\s+materialized' and position(lower(:'bare') in lower(a.query)) > 0 limit 1),
  'hidden', (select count(*) from builds b where b.relid is null and (select relkind from target) = 'i' and exists (
    select from pg_locks l where l.pid = b.pid and l.relation = (select indrelid from target) and l.granted)),
  'locked', (select l.mode from pg_locks l join target t on l.relation = t.oid where t.relkind = 'm' and l.granted
    and l.pid <> pg_backend_pid() and l.mode in ('AccessExclusiveLock', 'ExclusiveLock') limit 1),
  'leftovers', (select coalesce(json_agg(n.oid::regclass::text order by n.oid), '[]') from pg_class n join pg_index i on i.indexrelid = n.oid, target t
    where not i.indisvalid and n.relnamespace = t.relnamespace and i.indrelid = t.indrelid and left(n.relname, length(t.relname) + 6) = t.relname || '_ccnew'));
`;

/** Asks the server once, through `psql` with libpq's own variables. @throws {ObservationError} */
export async function query(values: Values, context: LookContext): Promise<Seen> {
  const { relation = "" } = values;
  const argv = [
    "psql",
    "-X",
    "-q",
    "-A",
    "-t",
    "-v",
    "ON_ERROR_STOP=1",
    "-v",
    `name=${relation}`,
    "-v",
    `bare=${bareName(relation)}`,
    "-f",
    "-",
  ];
  const { cwd, signal } = context;
  const result = await context.exec(argv, {
    cwd,
    signal,
    env: connection(values, context.env),
    input: SQL,
    timeoutMs: 30_000,
  });
  if (result.code !== 0) throw refusal(result.notFound, result.timedOut, result.stderr);
  try {
    return JSON.parse(result.stdout) as Seen;
  } catch {
    throw new ObservationError(`Cannot read psql's answer: "${oneLine(result.stdout, 80)}"`);
  }
}

/** The last part of a name, without quotes: how a statement may spell it. */
function bareName(relation: string): string {
  const parts = relation.match(/"(?:[^"]|"")+"|[^".]+/g) ?? [relation];
  return (parts.at(-1) ?? relation).replace(/^"|"$/g, "").replaceAll('""', '"');
}

function connection(
  { host, port, dbname, user, service }: Values,
  env: LookContext["env"],
): Record<string, string | undefined> {
  return {
    ...env,
    PGCONNECT_TIMEOUT: env.PGCONNECT_TIMEOUT ?? "10",
    PGAPPNAME: "p9",
    PGCLIENTENCODING: "UTF8",
    ...(host ? { PGHOST: host } : {}),
    ...(port ? { PGPORT: port } : {}),
    ...(dbname ? { PGDATABASE: dbname } : {}),
    ...(user ? { PGUSER: user } : {}),
    ...(service ? { PGSERVICE: service } : {}),
  };
}

function refusal(notFound: boolean, timedOut: boolean, stderr: string): ObservationError {
  if (notFound)
    return new ObservationError('Cannot ask PostgreSQL: the program "psql" does not exist', {
      needs: 'the program "psql"',
      lasting: true,
    });
  if (timedOut) return new ObservationError("Cannot ask PostgreSQL: psql did not end within 30 s");
  const said = oneLine(stderr.replace(/^psql:(?:<stdin>:\d+:)?\s*/, ""), 200);
  const lasting =
    /password authentication failed|no password supplied|role ".*" does not exist|database ".*" does not exist|pg_hba\.conf|permission denied|definition of service/i.test(
      said,
    );
  return new ObservationError(
    `PostgreSQL says: ${said}`,
    lasting
      ? {
          needs: "PGHOST, PGUSER, PGDATABASE and PGPASSWORD (or PGSERVICE, PGPASSFILE) that the server accepts",
          lasting,
        }
      : {},
  );
}
