import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import deploy from "../../../../plugins/wait-kinds/deploy.ts";
import indexSync from "../../../../plugins/wait-kinds/index-sync.ts";
import { trustSubjects } from "../../../../src/cli/commands/setup/trust-subjects.ts";
import { loadPolicy } from "../../../../src/config/load.ts";
import type { TrustSubject } from "../../../../src/plugin.ts";
import { asker, scratch } from "./asking.ts";

const POLICY = `ci_watch:
  providers:
    acme: { base: { url: "https://acme.test" }, request: { path: "/{sha}" }, state: /s, states: { succeeded: [ok] } }
    vercel: { project: p, base: "https://elsewhere.test" }
    site: { use: http, url: "https://site.test", auth: SITE_TOKEN }
    web: { use: netlify, site: s }
    rollout: { use: kubernetes, workload: deployment/web }
  index_sync:
    corpus: { cmd: "make indexed" }
    search: { url: "https://s.test/x", state: /s, success: [ok], headers: { authorization: "Bearer {env:S}" } }
    items: { provider: postgres, relation: items_idx, host: db.test }
    tasks: { provider: meilisearch }
    metadata: { url: "http://169.254.169.254/latest", state: /s, success: [ok] }
    release: { use: npm, package: left-pad, version: 1.0.0 }
    crate: { use: crates, crate: serde, version: 1.0.0, paths: [Cargo.toml] }
    fly: { run: never, request: { run: [sh, -c, date] }, otherwise: succeeded }
ci_heal: {}
`;

it("p9 trust shows exactly what is asked to be trusted before it is used, word for word", async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, ".control"));
  writeFileSync(join(cwd, ".control/policy.yaml"), POLICY);
  const env = { PATH: process.env.PATH };
  const policy = await loadPolicy({ env, cwd, home: cwd });
  const shown = await trustSubjects({ home: cwd, env, cwd, policy, root: cwd });
  const asked: TrustSubject[] = [];
  const trusted = async (subject: string, content: string, command?: string) =>
    subject !== "" && asked.push(command === undefined ? { subject, content } : { subject, content, command }) < 0;
  const context = asker({}, { cwd, config: policy.ci_watch, trusted });
  for (const provider of ["acme", "vercel", "site", "web", "rollout"]) {
    await deploy.pin({ ref: "a".repeat(40), argv: [], options: { provider }, network: false }, context).catch(() => {});
  }
  for (const ref of ["corpus", "search", "items", "tasks", "metadata", "release", "crate", "fly"]) {
    await indexSync.pin({ ref, argv: [], options: { method: "GET" }, network: false }, context).catch(() => {});
  }
  expect(asked.map(({ subject }) => subject).sort()).toEqual(
    [
      "index_sync.corpus",
      "index_sync.fly",
      "index_sync.items",
      "index_sync.metadata",
      "index_sync.release",
      "index_sync.search",
      "index_sync.tasks",
      "providers.acme",
      "providers.rollout",
      "providers.site",
      "providers.vercel",
    ].map((name) => `ci_watch.${name}`),
  );
  const bySubject = (a: { subject: string }, b: { subject: string }) => a.subject.localeCompare(b.subject);
  expect([...shown].sort(bySubject)).toEqual(asked.sort(bySubject));
  const noteOf = (name: string) => shown.find(({ subject }) => subject === name)?.content.split("\n\n")[1];
  expect(noteOf("ci_watch.index_sync.metadata")).toBe(
    "Not on the public internet: 169.254.169.254 (the link-local network)",
  );
  expect(noteOf("ci_watch.index_sync.tasks")).toContain("localhost (a name of this machine or its network)");
  expect(noteOf("ci_watch.providers.site")).toBeUndefined();
});
