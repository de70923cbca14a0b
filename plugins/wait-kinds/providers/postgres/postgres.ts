import { type LookContext, RefError } from "../../../../src/plugin.ts";
import type { TargetLook, TargetWatcher, Values } from "../../../../src/provider.ts";
import { judge } from "./judge.ts";
import { query } from "./query.ts";

/** PostgreSQL: CREATE INDEX [CONCURRENTLY], REINDEX [CONCURRENTLY], REFRESH MATERIALIZED VIEW [CONCURRENTLY], watched from another session. */
const postgres: TargetWatcher = {
  name: "postgres",
  title: "PostgreSQL",
  env: [
    "PGHOST",
    "PGPORT",
    "PGDATABASE",
    "PGUSER",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGSSLMODE",
  ],
  ready: () => true,
  match: async (ref) =>
    /^postgres(?:ql)?:\/\//.test(ref)
      ? fromUrl(ref)
      : /^[\p{L}_"][\p{L}\p{N}_$".]*$/u.test(ref)
        ? { relation: ref }
        : null,
  locate: async (given) => ({
    values: given,
    missing: given.relation ? [] : ["relation"],
    how: '"relation" (the index or materialized view): --param relation=…, or ci_watch.index_sync.<name>.relation',
  }),
  look,
};
export default postgres;

/** `postgres://user@host:port/db?relation=public.my_index`; a password has no place in a command line. */
function fromUrl(ref: string): Values {
  const url = URL.canParse(ref) ? new URL(ref) : null;
  const relation = url?.searchParams.get("relation") ?? url?.searchParams.get("index");
  if (!url || !relation)
    throw new RefError("Cannot watch that URL: wanted postgres://user@host:port/database?relation=name");
  if (url.password)
    throw new RefError("Cannot use a URL with a password in it: give the password as PGPASSWORD or in a PGPASSFILE");
  const [host, port, user, dbname] = [
    url.hostname,
    url.port,
    decodeURIComponent(url.username),
    decodeURIComponent(url.pathname.slice(1)),
  ];
  return {
    relation,
    ...(host ? { host } : {}),
    ...(port ? { port } : {}),
    ...(user ? { user } : {}),
    ...(dbname ? { dbname } : {}),
  };
}

async function look(values: Values, context: LookContext): Promise<TargetLook> {
  const { status, reason, ...rest } = judge(await query(values, context), values);
  return {
    ...rest,
    status,
    reason,
    items: [
      {
        name: values.relation ?? "",
        state: status === "waiting" ? "queued" : status === "superseded" ? "skipped" : status,
        detail: reason,
      },
    ],
    // Between two statements of one build there is a moment without a session.
    settle: { looks: 2, confirmS: 1 },
  };
}
