// needs: time, psql
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import postgres from "../../../../plugins/wait-kinds/providers/postgres/postgres.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import type { TargetLook, Values } from "../../../../src/provider.ts";
import { eventually } from "../../../helpers/p9.ts";
import { type Cluster, type Gate, startPostgres } from "../../../servers/postgres/cluster.ts";
import { asker } from "./asking.ts";
import { lookContext } from "./looking.ts";

let cluster: Cluster;
let gate: Gate;
let context: LookContext;
let values: Values;

beforeAll(() => {
  cluster = startPostgres();
  gate = cluster.gatedItems();
  cluster.sql(`
    create role locked login password 'pg-secret-word';
    create role plain login;
    grant usage on schema public to plain, locked;
  `);
});
afterAll(() => cluster?.stop());
afterEach(() => gate.open());
beforeEach(() => {
  context = lookContext(asker(cluster.env));
  values = {};
});

async function look(relation: string, more: Values = {}): Promise<TargetLook> {
  const result = await postgres.look({ ...values, relation, ...more }, context);
  values = result.values;
  return result;
}

/** Looks again and again until the test is satisfied. */
async function until(
  relation: string,
  satisfied: (seen: TargetLook) => boolean,
  more: Values = {},
): Promise<TargetLook> {
  let seen = await look(relation, more);
  await eventually(`${relation} is as wanted`, async () => {
    if (!satisfied(seen)) seen = await look(relation, more);
    return satisfied(seen);
  });
  return seen;
}

/** A transaction that stands in the way of every concurrent build on the table. */
async function holding() {
  const holder = cluster.session("begin; update items set id = id where id = 1;");
  const locks = "select count(*) from pg_locks where relation = 'items'::regclass and mode = 'RowExclusiveLock'";
  await eventually("the transaction holds its lock", () => cluster.sql(locks) === "1");
  return holder;
}
const hasEnded = ({ status }: TargetLook) => !["waiting", "running"].includes(status);

describe("CREATE INDEX", () => {
  it("waits while there is no such index and nobody builds it", async () => {
    expect(await look("items_never")).toMatchObject({
      status: "waiting",
      reason: expect.stringContaining("items_never"),
    });
  });

  it("shows phase and percent while it runs, and succeeds", async () => {
    gate.close();
    const session = cluster.session("create index items_slow on items (slow(id));");
    session.end();
    const running = await until("items_slow", (seen) => (seen.progress?.percent ?? 0) > 5);
    expect(running).toMatchObject({
      status: "running",
      progress: { phase: "building index: scanning table", total: 100 },
      startedAt: expect.any(Number),
    });
    expect(running.reason).toContain("CREATE INDEX items_slow");
    gate.open();
    expect((await until("items_slow", hasEnded)).status).toBe("succeeded");
    expect((await session.ended).code).toBe(0);
  });

  it("fails when the statement is cancelled and nothing is left", async () => {
    gate.close();
    const session = cluster.session("create index items_cancelled on items (slow(id));");
    session.end();
    await until("items_cancelled", (seen) => seen.status === "running");
    cluster.sql("select pg_cancel_backend(pid) from pg_stat_activity where query like 'create index items_cancelled%'");
    await session.ended;
    expect(await look("items_cancelled")).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("without an index"),
    });
  });

  it("takes an index that is there and valid for done", async () => {
    cluster.sql("create index items_id on items (id)");
    expect((await look("public.items_id")).status).toBe("succeeded");
  });
});

describe("CREATE INDEX CONCURRENTLY", () => {
  it("says by whom it is blocked, for as long as it is", async () => {
    const holder = await holding();
    const builder = cluster.session("create index concurrently items_conc on items (id);");
    builder.end();
    const blocked = await until("items_conc", (seen) => seen.grace !== undefined);
    expect(blocked).toMatchObject({ status: "running", grace: { name: "runner", outcome: "blocked" } });
    expect(blocked.reason).toMatch(
      /waiting for writers before build; blocked by pid \d+ \(postgres, test, idle in transaction/,
    );
    holder.write("commit;");
    holder.end();
    expect((await until("items_conc", hasEnded)).status).toBe("succeeded");
  });

  it("fails with the way out when it leaves an invalid index behind", async () => {
    cluster.sql("create table twice as select 1 as id from generate_series(1, 2)");
    const builder = cluster.session("create unique index concurrently twice_id on twice (id);");
    builder.end();
    expect((await builder.ended).stderr).toContain("could not create unique index");
    expect(await look("twice_id")).toMatchObject({
      status: "failed",
      evidence: [{ text: expect.stringContaining("drop index concurrently twice_id") }],
      settle: { looks: 2 },
    });
  });
});

describe("REINDEX", () => {
  it("waits for one that was not seen yet, then for its end", async () => {
    cluster.sql("create index items_again on items (slow(id))");
    const reindex = { operation: "reindex" };
    expect((await look("items_again", reindex)).status).toBe("waiting");
    gate.close();
    cluster.session("reindex index concurrently items_again;").end();
    const running = await until("items_again", (seen) => seen.status === "running", reindex);
    expect(running.reason).toContain("REINDEX CONCURRENTLY items_again");
    gate.open();
    expect((await until("items_again", hasEnded, reindex)).status).toBe("succeeded");
  });

  it("fails when it was cancelled, naming what it left", async () => {
    cluster.sql("create index items_left on items (slow(id))");
    await look("items_left");
    gate.close();
    const session = cluster.session("reindex index concurrently items_left;");
    session.end();
    await until("items_left", (seen) => seen.status === "running");
    cluster.sql(
      "select pg_cancel_backend(pid) from pg_stat_activity where query like 'reindex index concurrently items_left%'",
    );
    await session.ended;
    expect(await look("items_left")).toMatchObject({
      status: "failed",
      evidence: [{ text: expect.stringContaining("items_left_ccnew") }],
    });
  });
});

describe("REFRESH MATERIALIZED VIEW", () => {
  beforeAll(() => {
    cluster.sql("create materialized view totals as select slow(id) as id from items where id between 150 and 250");
    cluster.sql("create unique index totals_id on totals (id)");
  });

  it("waits, runs and succeeds", async () => {
    expect((await look("totals")).status).toBe("waiting");
    gate.close();
    cluster.session("refresh materialized view totals;").end();
    expect((await until("totals", (seen) => seen.status === "running")).reason).toContain(
      "REFRESH MATERIALIZED VIEW totals",
    );
    gate.open();
    expect((await until("totals", hasEnded)).status).toBe("succeeded");
  });

  it("fails when it was cancelled", async () => {
    gate.close();
    const session = cluster.session("refresh materialized view totals;");
    session.end();
    await until("totals", (seen) => seen.status === "running");
    cluster.sql(
      "select pg_cancel_backend(pid) from pg_stat_activity where query like 'refresh materialized view totals%'",
    );
    await session.ended;
    expect((await look("totals")).status).toBe("failed");
  });

  it("does not guess how a concurrent one ended", async () => {
    gate.close();
    const session = cluster.session("refresh materialized view concurrently totals;");
    session.end();
    await until("totals", (seen) => seen.status === "running");
    gate.open();
    await session.ended;
    expect(await look("totals")).toMatchObject({ status: "unknown", reason: expect.stringContaining("does not show") });
  });
});

describe("what the role may see", () => {
  it("sees that it runs without its numbers, and what would show them", async () => {
    const holder = await holding();
    cluster.session("create index concurrently items_hidden on items (id);").end();
    context = lookContext(asker({ ...cluster.env, PGUSER: "plain" }));
    const seen = await until("items_hidden", ({ status }) => status === "running");
    expect(seen.reason).toContain("grant pg_read_all_stats");
    holder.write("commit;");
    holder.end();
    expect((await until("items_hidden", hasEnded)).status).toBe("succeeded");
  });

  it("sees a refresh by its lock", async () => {
    context = lookContext(asker({ ...cluster.env, PGUSER: "plain" }));
    expect((await look("totals")).status).toBe("waiting");
    gate.close();
    cluster.session("refresh materialized view totals;").end();
    await until("totals", ({ status }) => status === "running");
    gate.open();
    expect((await until("totals", hasEnded)).status).toBe("succeeded");
  });

  it("keeps the password out of argv, and asks for one that is accepted", async () => {
    const seen: string[] = [];
    const asked = asker({ ...cluster.env, PGUSER: "locked", PGPASSWORD: "pg-secret-word" });
    context = lookContext({
      ...asked,
      exec: (argv, options) => {
        seen.push(argv.join(" "));
        return asked.exec(argv, options);
      },
    });
    expect((await look("items_id")).status).toBe("succeeded");
    expect(seen.join()).not.toContain("pg-secret-word");
    context = lookContext(asker({ ...cluster.env, PGUSER: "locked", PGPASSWORD: "wrong" }));
    await expect(look("items_id")).rejects.toMatchObject({
      lasting: true,
      needs: expect.stringContaining("PGPASSWORD"),
    });
  });
});

describe("what goes wrong", () => {
  it.each([
    ["no server", { PGHOST: "/nonexistent" }, false],
    ["no database", { PGDATABASE: "nowhere" }, true],
    ["no role", { PGUSER: "nobody" }, true],
    ["no such service", { PGSERVICE: "nowhere" }, true],
  ])("is an observation error: %s", async (_what, env, lasting) => {
    context = lookContext(asker({ ...cluster.env, ...env }));
    await expect(look("items_id")).rejects.toMatchObject({ name: "ObservationError", lasting });
  });

  it("gives up on a server that never answers", async () => {
    const slow: LookContext["exec"] = (_argv, options) => {
      expect(options?.timeoutMs).toBeLessThanOrEqual(30_000);
      return context.exec(["sleep", "30"], { ...options, timeoutMs: 200 });
    };
    const looking = postgres.look({ relation: "items_id" }, { ...context, exec: slow });
    await expect(looking).rejects.toMatchObject({
      name: "ObservationError",
      message: expect.stringContaining("did not end"),
    });
  });

  it("takes a hostile name for a name", async () => {
    expect(await postgres.match("x'; drop table items; --")).toBeNull();
    const seen = await postgres.look({ relation: `x"'; drop table items; -- \\! touch /tmp/p9-owned` }, context).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
    expect(["waiting", "ObservationError"]).toContain(seen);
    expect(cluster.sql("select count(*) from items")).toBe("400");
  });

  it("refuses a URL with a password, and reads one without", async () => {
    await expect(postgres.match("postgres://a:b@h/db?relation=i")).rejects.toThrow("PGPASSWORD");
    expect(await postgres.match("postgres://a@h:5433/db?relation=s.i")).toEqual({
      relation: "s.i",
      host: "h",
      port: "5433",
      user: "a",
      dbname: "db",
    });
  });
});
