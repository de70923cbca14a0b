// needs: git
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { TrustSubject } from "../../../../src/contract/context.ts";
import { grant } from "../../../../src/trust/trust.ts";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

/** A server on loopback that notes every request and answers as `location` says: a redirect, or a state. */
async function serve(location?: () => string): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const to = location?.();
    response.writeHead(to === undefined ? 200 : 302, to === undefined ? {} : { location: to });
    response.end('{"state": "ready"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

/** Where names of these tests lead: the resolver says so in the process of p9. */
function resolver(user: Sandbox, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const file = user.write(
    "../resolver.mjs",
    `import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
const names = ${JSON.stringify(names)};
const real = dns.lookup;
dns.lookup = (name, options, done) => {
  if (!(name in names)) return real(name, options, done);
  const address = { address: names[name], family: 4 };
  return options.all ? done(null, [address]) : done(null, address.address, 4);
};
syncBuiltinESMExports();`,
  );
  return { NODE_OPTIONS: `--import=${file}` };
}

function repository(entry: Readonly<Record<string, unknown>>): Sandbox {
  const user = sandbox();
  execFileSync("git", ["init", "--quiet"], { cwd: user.work });
  const policy = { ci_watch: { auto: ["index-sync"], index_sync: { docs: entry } }, ci_heal: {} };
  user.write(".control/policy.yaml", JSON.stringify(policy));
  return user;
}

/** What `p9 trust` shows, agreed to. */
async function trustAll(user: Sandbox): Promise<string> {
  const { untrusted } = JSON.parse((await user.p9(["trust", "--json"])).stdout) as { untrusted: TrustSubject[] };
  await grant(
    { home: user.home, env: user.env, cwd: user.work },
    untrusted.map((one) => ({ ...one, base: null })),
    Date.now(),
  );
  return untrusted.map(({ content }) => content).join("\n");
}

const watchFor = (seconds: number) => [
  ...["watch", "index-sync", "docs", "--interval", "1", "--timeout", `${seconds}`, "--json"],
];
/** It ends when the server answers. */
const WATCH = watchFor(60);
const rule = { state: "/state", success: ["ready"] };

describe.each(["node", "deno"] as const)("an address of a policy, on %s", (runtime) => {
  test("is not asked before p9 trust, and is afterwards: this machine is named in what is agreed to", async () => {
    const server = await serve();
    const user = repository({ url: `http://127.0.0.1:${server.port}/x`, method: "POST", body: { a: 1 }, ...rule });
    const refused = await user.p9(WATCH, { runtime });
    expect(refused).toMatchObject({ code: 7, stderr: expect.stringContaining("run p9 trust") });
    expect(server.asked).toEqual([]);
    expect(await trustAll(user)).toContain("Not on the public internet: 127.0.0.1 (this machine)");
    expect(await user.p9(WATCH, { runtime })).toMatchObject({ code: 0 });
    expect(server.asked[0]).toBe("POST /x");
  });

  test("leads to no server of this machine by a redirect, once it is trusted", async () => {
    const inner = await serve();
    const outer = await serve(() => `http://127.0.0.1:${inner.port}/secret`);
    const user = repository({ url: `http://127.0.0.1:${outer.port}/x`, ...rule });
    await trustAll(user);
    expect((await user.p9(watchFor(10), { runtime })).code).not.toBe(0);
    expect(outer.asked.length).toBeGreaterThan(0);
    expect(inner.asked).toEqual([]);
  });

  test("that the user's own configuration says needs no trust, loopback too", async () => {
    const server = await serve();
    const entry = { url: `http://localhost:${server.port}/x`, ...rule };
    const user = repository({});
    user.write(".control/policy.yaml", "ci_watch: {}\nci_heal: {}\n");
    user.write("../state/config.yaml", JSON.stringify({ ci_watch: { index_sync: { docs: entry } } }));
    expect(await user.p9(["trust", "--json"])).toMatchObject({ code: 0 });
    expect(await user.p9(WATCH, { runtime })).toMatchObject({ code: 0 });
  });
});

describe("a public name in a policy", () => {
  test("that resolves to this machine is not connected to, although it is trusted", async () => {
    const server = await serve();
    const user = repository({ url: `http://status.example.com:${server.port}/x`, ...rule });
    expect(await trustAll(user)).not.toContain("public internet");
    const ended = await user.p9(WATCH, { env: resolver(user, { "status.example.com": "127.0.0.1" }) });
    expect(ended.code).not.toBe(0);
    expect(`${ended.stdout}${ended.stderr}`).toContain("it leads to 127.0.0.1, this machine");
    expect(server.asked).toEqual([]);
  });

  test("typed by the user goes where the user's resolver leads", async () => {
    const server = await serve();
    const user = repository({});
    const env = resolver(user, { "status.example.com": "127.0.0.1" });
    const args = ["watch", "http", `http://status.example.com:${server.port}/x`, "--interval", "1", "--json"];
    expect(await user.p9(args, { env })).toMatchObject({ code: 0 });
  });
});

test("npm is not asked where an untrusted .npmrc of the repository sends it", async () => {
  const server = await serve();
  const user = repository({});
  user.write("package.json", "{}");
  user.write(".npmrc", `save-exact=true\nregistry=http://127.0.0.1:${server.port}/\n`);
  const args = ["watch", "index-sync", "npm:left-pad@1.0.0", "--interval", "1", "--timeout", "10", "--json"];
  expect(await user.p9(args)).toMatchObject({ code: 7, stderr: expect.stringContaining('"npm\'s .npmrc" is trusted') });
  expect(server.asked).toEqual([]);
  expect(await trustAll(user)).toContain(`registry=http://127.0.0.1:${server.port}/`);
  await user.p9(args);
  expect(server.asked.length).toBeGreaterThan(0);
});

describe("a channel of a policy", () => {
  const withChannel = (url: string) => {
    const user = repository({});
    const policy = { ci_watch: { notify: [{ type: "webhook", url }] }, ci_heal: {} };
    user.write(".control/policy.yaml", JSON.stringify(policy));
    return user;
  };

  test("posts to this machine once that was shown and trusted, and not before", async () => {
    const server = await serve();
    const user = withChannel(`http://127.0.0.1:${server.port}/hook`);
    await user.p9(["notify", "hello"]);
    expect(server.asked).toEqual([]);
    expect(await trustAll(user)).toContain("Not on the public internet: 127.0.0.1 (this machine)");
    expect(await user.p9(["notify", "hello"])).toMatchObject({ code: 0 });
    expect(server.asked).toEqual(["POST /hook"]);
  });

  test("posts nothing to a public name that leads to this machine", async () => {
    const server = await serve();
    const user = withChannel(`http://hooks.example.com:${server.port}/hook`);
    await trustAll(user);
    const ended = await user.p9(["notify", "hello"], { env: resolver(user, { "hooks.example.com": "127.0.0.1" }) });
    expect(`${ended.stdout}${ended.stderr}`).toContain("it leads to 127.0.0.1, this machine");
    expect(server.asked).toEqual([]);
  });
});
