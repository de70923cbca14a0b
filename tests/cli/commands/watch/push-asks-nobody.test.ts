// needs: time, git
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { TrustSubject } from "../../../../src/contract/context.ts";
import { grant } from "../../../../src/trust/trust.ts";
import { eventually } from "../../../helpers/p9.ts";
import { bash, clientSession } from "./client-session.ts";

async function serve() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{"state": "ready", "status": "succeeded"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, at: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const state = { state: "/state", success: ["ready"] };
const paths = ["**"];

/** Ways in which a policy may make p9 ask an address, by the block that names it. */
const ENTRIES: Readonly<Record<string, (at: string) => Record<string, unknown>>> = {
  "a GET": (at) => ({ index_sync: { docs: { paths, url: `http://${at}/x`, ...state } } }),
  "a POST with a body": (at) => ({
    index_sync: { docs: { paths, url: `http://${at}/x`, method: "POST", body: { delete: "all" }, ...state } },
  }),
  "a number instead of a name": (at) => ({
    index_sync: { docs: { paths, url: `http://${at.replace("127.0.0.1", "2130706433")}/x`, ...state } },
  }),
  "a count": (at) => ({ index_sync: { docs: { paths, url: `http://${at}/x`, count: "/n", expect: 1 } } }),
  "a service as data": (at) => ({
    index_sync: { docs: { paths, base: { url: `http://${at}` }, request: { path: "/x" }, otherwise: "succeeded" } },
  }),
  "a service as data, by GraphQL": (at) => ({
    index_sync: {
      docs: {
        paths,
        base: { url: `http://${at}` },
        request: { path: "/graphql", method: "POST", body: { query: "mutation { x }" } },
        otherwise: "succeeded",
      },
    },
  }),
  "another server for a built-in service": (at) => ({
    index_sync: { docs: { paths, use: "meilisearch", base: `http://${at}`, id: "5" } },
  }),
  "a page that serves a version": (at) => ({ providers: { site: { use: "http", url: `http://${at}/x` } } }),
  "a deploy service as data": (at) => ({
    providers: { acme: { base: { url: `http://${at}` }, request: { path: "/{sha}" }, otherwise: "succeeded" } },
  }),
  "another server for a deploy service": (at) => ({ providers: { vercel: { project: "p", base: `http://${at}` } } }),
};

test.each(Object.entries(ENTRIES))(
  "a push sends nothing that a policy names before p9 trust, and does afterwards: %s",
  async (_what, entries) => {
    const server = await serve();
    const named = entries(server.at);
    const block = { auto: ["index_sync" in named ? "index-sync" : "deploy"], ...named };
    const { user, env, git, hook } = await clientSession(JSON.stringify({ ci_watch: block, ci_heal: {} }));
    const { stdout } = await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    expect(stdout).toContain("that nobody has trusted. A person can look at it with `p9 trust`");
    user.write("more.md", "x");
    git("add", ".");
    git("commit", "-q", "-m", "again");
    const again = await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    expect(again.stdout).not.toContain("p9 trust");
    expect((await user.p9(["status", "--json"], { env })).code).toBe(0);
    const notes = readFileSync(join(user.home, "logs", "hooks.log"), "utf8");
    expect(notes.match(/before it is trusted: run p9 trust/g)).toHaveLength(2);
    expect(user.events().filter(({ type }) => type === "transition")).toEqual([]);
    expect(server.asked).toEqual([]);
    const { untrusted } = JSON.parse((await user.p9(["trust", "--json"], { env })).stdout) as {
      untrusted: TrustSubject[];
    };
    expect(untrusted.map(({ content }) => content).join()).toContain(
      "Not on the public internet: 127.0.0.1 (this machine)",
    );
    await grant(
      { home: user.home, env: user.env, cwd: user.work },
      untrusted.map((one) => ({ ...one, base: null })),
      Date.now(),
    );
    git("commit", "-q", "--allow-empty", "-m", "two");
    user.write("docs.md", "x");
    git("add", ".");
    git("commit", "-q", "-m", "three");
    await bash(user, env.CLAUDE_ENV_FILE, "git push -q origin main", hook);
    await eventually("the trusted address is asked", () => server.asked.length > 0);
  },
);
