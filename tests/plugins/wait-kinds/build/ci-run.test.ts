import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, test } from "vitest";
import build from "../../../../plugins/wait-kinds/build.ts";
import type { Pin, PluginContext } from "../../../../src/plugin.ts";
import { sandbox } from "../../../helpers/p9.ts";
import { CI_VENDORS } from "../../../servers/ci/all.ts";
import { bitriseVendor } from "../../../servers/ci/bitrise.ts";
import { buildkiteVendor } from "../../../servers/ci/buildkite.ts";
import { type CiServer, type CiVendor, startCi } from "../../../servers/ci/vendor.ts";
import { woodpeckerVendor } from "../../../servers/ci/woodpecker.ts";
import { lookContextOf } from "../looks.ts";
import { asker } from "../providers/asking.ts";

async function at(vendor: CiVendor): Promise<{ server: CiServer; context: PluginContext; page: string }> {
  const server = await startCi(vendor);
  onTestFinished(() => server.close());
  return { server, context: asker(vendor.env(server.url)), page: vendor.pages(server.url)[0] ?? "" };
}

const pin = (ref: string, context: PluginContext) => build.pin({ ref, argv: [], options: {}, network: false }, context);
const look = (pinned: Pin, context: PluginContext) => build.look(lookContextOf(context, { pin: pinned, options: {} }));

describe.each(CI_VENDORS.map((vendor) => [vendor.provider.title, vendor] as const))("%s", (_, vendor) => {
  it("is pinned by its page without the network, and looked at with one request while it runs", async () => {
    const { server, context, page } = await at(vendor);
    const [going = "", none] = [vendor.states.running?.[0] ?? "", vendor.states.running?.[0] === null];
    const pinned = await pin(page, context);
    expect(pinned).toMatchObject({ complete: true, title: vendor.provider.title });
    expect(pinned.ref.startsWith(`${vendor.provider.name}:`)).toBe(true);
    expect(server.requests).toEqual([]);
    if (none) server.trouble.push(vendor.notFound);
    else server.world.state = going ?? "";
    expect(await look(pinned, context)).toMatchObject({ status: "running" });
    // The address of Bitrise does not say whose build it is.
    expect(server.requests.length).toBe(vendor.provider.name === "bitrise" ? 3 : 1);
  });

  it("brings the log when it has failed, for whoever classifies it", async () => {
    const { context, page } = await at(vendor);
    const result = await look(await pin(page, context), context);
    expect(result).toMatchObject({ status: "failed", log: expect.any(String), evidence: [] });
    expect(readFileSync(result.log ?? "", "utf8")).toContain("TS2322");
  });
});

test("what had to be searched for is remembered, and what an address holds beside the run is not kept", async () => {
  const { server, context } = await at(bitriseVendor);
  const pinned = await pin(
    "https://app.bitrise.io/build/294e02f8-554c-44f8-84a5-59867a66df83?token=hunter2#?tab=log",
    context,
  );
  expect(JSON.stringify(pinned)).not.toContain("hunter2");
  server.world.state = "in-progress";
  let memory = {};
  const remember = (kept: object) => {
    memory = kept;
  };
  for (const nth of [0, 1]) {
    await build.look({ ...lookContextOf(context, { pin: pinned, options: {} }), look: nth, memory, remember });
  }
  expect(server.requests).toHaveLength(4);
});

test("the verdict stands when the log cannot be read, and a line says why", async () => {
  const { server, context, page } = await at(buildkiteVendor);
  const pinned = await pin(page, context);
  const asked = context.fetch;
  const broken: PluginContext = {
    ...context,
    fetch: (url, init) => (/\/log$/.test(url) ? asked("http://127.0.0.1:1/", init) : asked(url, init)),
  };
  const result = await look(pinned, broken);
  expect(result).toMatchObject({
    status: "failed",
    evidence: [{ text: expect.stringContaining("could be read"), url: page }],
  });
  expect(result.log).toBeUndefined();
  expect(server.requests.length).toBe(1);
});

test("an observation error names what is missing, and is no verdict", async () => {
  const { server, context, page } = await at(buildkiteVendor);
  const pinned = await pin(page, context);
  const without = { ...context, env: { BUILDKITE_API_URL: server.url } };
  await expect(look(pinned, without)).rejects.toMatchObject({
    name: "ObservationError",
    lasting: true,
    needs: expect.stringContaining("BUILDKITE_API_TOKEN"),
  });
  server.trouble.push({ status: 404, body: {} });
  await expect(look(pinned, context)).rejects.toMatchObject({
    message: expect.stringContaining("Buildkite does not show my-great-org/my-pipeline build 1"),
    lasting: true,
  });
  server.trouble.push({ status: 429, headers: { "retry-after": "17" }, body: "" });
  await expect(look(pinned, context)).rejects.toMatchObject({ retryAfterS: 17, lasting: false });
  server.trouble.push({ status: 502, body: "" });
  await expect(look(pinned, context)).rejects.toMatchObject({ lasting: false });
});

test.each([
  ["https://circleci.com.evil.example/gh/octo/app/42", "no log provider knows this page"],
  ["https://me:hunter2@circleci.com/gh/octo/app/42", "without a user name or password"],
  ["https://ci.example.org/job/app/7/?token=hunter2", "no log provider knows this page"],
])("%s is refused without what may be secret in it", async (ref, why) => {
  const refusal = await pin(ref, asker({})).catch((error: Error) => error);
  expect(refusal).toMatchObject({ name: "RefError", message: expect.stringContaining(why) });
  expect(String(refusal)).not.toContain("hunter2");
});

test("what a repository names is watched only once it is trusted", async () => {
  const { server, page } = await at(buildkiteVendor);
  const config = { log_providers: { ours: { use: "jenkins", base: server.url } } };
  const ref = `${server.url}/job/app/7/`;
  await expect(pin(ref, asker({}, { config }))).rejects.toThrow("run p9 trust");
  const trusted = async (subject: string) => subject === "ci_watch.log_providers.ours";
  expect(await pin(ref, asker({}, { config, trusted }))).toMatchObject({ ref: "ours:job/app/7" });
  const context = asker({}, { config, trusted });
  const subjects = await build.runs?.({ ...context, root: context.cwd });
  expect(subjects).toMatchObject([
    { subject: "ci_watch.log_providers.ours", content: expect.stringContaining(server.url) },
  ]);
  expect(page).toContain("buildkite.com");
});

describe("a log provider of a plugin", () => {
  /** Woodpecker, as a plugin would describe it under another name. */
  async function lab() {
    const server = await startCi(woodpeckerVendor);
    onTestFinished(() => server.close());
    const box = sandbox();
    const { provider } = woodpeckerVendor;
    const acme = {
      ...{ ...provider, name: "acme-ci", title: "Acme CI", base: { env: "ACME_CI_URL" } },
      headers: { authorization: "Bearer {env:ACME_CI_TOKEN}" },
    };
    const plugin = box.write(
      "acme.mjs",
      `export default { name: "acme", logProviders: [${JSON.stringify(acme)}, ${JSON.stringify({ ...acme, name: "circleci" })}] };`,
    );
    await box.p9(["plugin", "add", plugin]);
    const [page = ""] = woodpeckerVendor.pages(server.url);
    const env = { ACME_CI_URL: server.url, ACME_CI_TOKEN: "secret-of-woodpecker" };
    const watch = (more = {}) => box.p9(["watch", "build", page, "--json"], { env: { ...env, ...more } });
    return { server, box, page, watch };
  }

  it("is known to watch build as to the evidence, with its credential", async () => {
    const { watch, box } = await lab();
    const { code, stdout } = await watch();
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "failed",
      reason: expect.stringContaining("Acme CI"),
      evidence: expect.arrayContaining([expect.objectContaining({ step: "types", file: "src/a.ts", line: 12 })]),
    });
    expect(code).toBe(10);
    expect(box.events().find(({ extra }) => JSON.stringify(extra).includes("env_names"))).toMatchObject({
      ref: expect.stringMatching(/^acme-ci:/),
      extra: { env_names: expect.arrayContaining(["ACME_CI_TOKEN", "ACME_CI_URL"]) },
    });
  });

  it("is named where no page is known, and unknown once its plugin is gone", async () => {
    const { watch, box, server } = await lab();
    const other = await box.p9(["watch", "build", "https://ci.example.org/x"]);
    expect([other.code, other.stderr]).toEqual([
      3,
      expect.stringContaining("wanted a run or job of acme-ci, appveyor"),
    ]);
    await box.p9(["plugin", "remove", "acme"]);
    expect((await watch()).stderr).toContain("no log provider knows this page");
    expect(server.requests).toEqual([]);
  });
});
