import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LoadedPolicy, loadPolicy, requireEnabled, requirePolicy } from "../../src/config/load.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "p9-policy-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(dir, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
  return full;
}
const load = (options: { cwd?: string; env?: Record<string, string> } = {}): Promise<LoadedPolicy> =>
  loadPolicy({ env: options.env ?? {}, cwd: options.cwd ?? dir, home: join(dir, "home") });
const policyOf = (text: string): Promise<LoadedPolicy> => {
  write(".control/policy.yaml", text);
  return load();
};
const BOTH = "ci_watch:\n  enabled: true\nci_heal:\n  enabled: true\n";

test("an entry of index_sync keeps its keys in the order written, because consent to it is kept as a hash of its text", async () => {
  const entries = "search: {cmd: make wait, paths: [docs/**]}, other: {paths: [a], url: http://x}";
  const policy = await policyOf(`ci_watch: {index_sync: {${entries}}}\nci_heal: {}\n`);
  expect(Object.values(policy.ci_watch.index_sync).map((entry) => Object.keys(entry))).toEqual([
    ["cmd", "paths"],
    ["paths", "url"],
  ]);
  const wrong = await policyOf("ci_watch: {index_sync: {search: {cmd: x, paths: 5}}}\nci_heal: {}\n");
  expect(() => requirePolicy(wrong, "watch")).toThrow('"ci_watch.index_sync.search.paths"');
});

describe("where the policy is found", () => {
  test("the nearest .control/policy.yaml from the working directory upward applies", async () => {
    write(".control/policy.yaml", "ci_watch: {max_concurrent_prs: 2}\nci_heal: {}\n");
    const near = write("a/.control/policy.yaml", "ci_watch: {max_concurrent_prs: 3}\nci_heal: {}\n");
    mkdirSync(join(dir, "a/b/c"), { recursive: true });
    const policy = await load({ cwd: join(dir, "a/b/c") });
    expect(policy.path).toBe(near);
    expect(policy.workspace).toBe(join(dir, "a"));
    expect(policy.ci_watch.max_concurrent_prs).toBe(3);
  });

  test.runIf(process.getuid?.() === 0)("a policy of another user than the folder's governs nothing", async () => {
    const policy = write(".control/policy.yaml", BOTH);
    chownSync(policy, 65_534, 65_534);
    mkdirSync(join(dir, "repo"));
    expect((await load()).path).toBeNull();
    expect((await load({ cwd: join(dir, "repo") })).path).toBeNull();
  });

  test("BROOMVA_P9_POLICY is taken as it is", async () => {
    write(".control/policy.yaml", BOTH);
    const other = write("other.yaml", "ci_watch: {max_concurrent_prs: 7}\nci_heal: {}\n");
    expect((await load({ env: { BROOMVA_P9_POLICY: other } })).ci_watch.max_concurrent_prs).toBe(7);
    expect((await load({ env: { BROOMVA_P9_POLICY: "other.yaml" } })).path).toBe(other);
  });

  test("without a file the defaults of the contract apply, watching is allowed and acting is not", async () => {
    const policy = await load();
    expect(policy.path).toBeNull();
    expect(policy.ci_watch).toMatchObject({
      enabled: true,
      max_concurrent_prs: 1,
      max_concurrent_prs_scope: "repo",
      auto: ["pr-ci"],
      no_checks: "red",
      settle: 30,
      observer: "api",
      offer: "attended",
    });
    expect(policy.ci_watch.grace).toMatchObject({
      appear: 180,
      appear_with_workflows: 600,
      required: 900,
      runner: 900,
    });
    expect(policy.ci_watch.isolation_tier_map).toEqual({
      research: "none",
      docs: "none",
      code_independent: "worktree",
      code_dependent: "stacked_branch",
      governance: "blocked",
    });
    expect(policy.ci_heal).toMatchObject({
      enabled: true,
      max_attempts: 5,
      stability_floor: 0.3,
      classified_failure_types: ["lint", "format", "test_flaky", "codegen_drift", "import_missing"],
      escalation_channel: null,
    });
    expect(() => requirePolicy(policy, "watch")).not.toThrow();
    expect(() => requirePolicy(policy, "act")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe("what the file may hold", () => {
  test("an escalation channel gets its defaults when it is there at all", async () => {
    const policy = await policyOf("ci_watch: {}\nci_heal:\n  escalation_channel: {}\n");
    expect(policy.ci_heal.escalation_channel).toEqual({
      linear_team: "BRO",
      linear_label: "ci-heal-escalation",
      notify_hook: "skills/p9/scripts/p9-escalate-notify.sh",
    });
  });

  test("durations are seconds or carry a unit", async () => {
    const policy = await policyOf(
      "ci_watch:\n  settle: 1m\n  grace: {appear: 5m}\n  deadline: {deploy: 2h, build: 90}\nci_heal: {}\n",
    );
    expect(policy.problems).toEqual([]);
    expect(policy.ci_watch.settle).toBe(60);
    expect(policy.ci_watch.grace.appear).toBe(300);
    expect(policy.ci_watch.deadline).toEqual({ deploy: 7200, build: 90 });
  });

  test("what is kept of ended waits is an age in days and a size, each with a unit or without", async () => {
    const keep = async (text: string) => policyOf(`ci_watch:\n  keep: ${text}\nci_heal: {}\n`);
    expect((await policyOf(BOTH)).ci_watch.keep).toEqual({ days: 30, size: 500_000_000 });
    for (const [text, days, size] of [
      ["{days: 7, size: 200M}", 7, 200 * 1024 ** 2],
      ["{days: 12h, size: 1.5 GiB}", 0.5, 1.5 * 1024 ** 3],
      ["{days: 0, size: 4096}", 0, 4096],
      ["{days: 2d, size: 64kb}", 2, 64 * 1024],
    ] as const) {
      const policy = await keep(text);
      expect([text, policy.problems, policy.ci_watch.keep]).toEqual([text, [], { days, size }]);
    }
    for (const [text, key] of [
      // Seconds, as elsewhere, would remove nearly everything.
      ['{days: "30"}', "ci_watch.keep.days"],
      ["{days: -1}", "ci_watch.keep.days"],
      ["{days: soon}", "ci_watch.keep.days"],
      ["{size: much}", "ci_watch.keep.size"],
      ["{size: -5}", "ci_watch.keep.size"],
      ["30", "ci_watch.keep"],
    ]) {
      const policy = await keep(text!);
      expect(policy.problems).toHaveLength(1);
      expect(policy.problems[0]).toContain(`"${key}"`);
      expect(policy.ci_watch.keep).toEqual({ days: 30, size: 500_000_000 });
    }
  });

  test("`off` and `none` are words and not false or nothing", async () => {
    const policy = await policyOf("ci_watch:\n  sleep: off\n  isolation_tier_map: {docs: none}\nci_heal: {}\n");
    expect(policy.problems).toEqual([]);
    expect(policy.ci_watch.sleep).toBe("off");
    expect(policy.ci_watch.isolation_tier_map.docs).toBe("none");
  });

  test("blocks of other tools are not looked at, not even their mistakes", async () => {
    const policy = await policyOf(
      `${BOTH}auto_merge:\n  surprise: 1\n  surprise: 2\nversion: "1.0"\nprofile: [!odd tag]\n`,
    );
    expect(policy.problems).toEqual([]);
    expect(policy.warnings).toEqual([]);
  });

  test("an unknown key of our own is a warning that names it, and the rest holds", async () => {
    const policy = await policyOf(
      "ci_watch:\n  max_concurrent_pr: 9\n  grace: {apear: 1}\nci_heal: {max_attempts: 2}\n",
    );
    expect(policy.problems).toEqual([]);
    expect(policy.warnings.map((warning) => /"(.*?)"/.exec(warning)?.[1]).sort()).toEqual([
      "ci_watch.grace.apear",
      "ci_watch.max_concurrent_pr",
    ]);
    expect(policy.ci_heal.max_attempts).toBe(2);
  });
});

describe("what is wrong with a file", () => {
  test.each([
    ['ci_watch: {enabled: "false"}', "ci_watch.enabled", 'true or false without quotes, got the text "false"'],
    ["ci_watch: {enabled: yes}", "ci_watch.enabled", 'got the text "yes"'],
    ["ci_watch: {max_concurrent_prs: many}", "ci_watch.max_concurrent_prs", 'a number, got the text "many"'],
    ["ci_watch: {max_concurrent_prs: 0}", "ci_watch.max_concurrent_prs", "at least 1, got 0"],
    ["ci_watch: {max_concurrent_prs: 1.5}", "ci_watch.max_concurrent_prs", "a whole number"],
    ["ci_watch: {max_concurrent_prs_scope: team}", "ci_watch.max_concurrent_prs_scope", 'one of "repo", "global"'],
    ["ci_watch: {settle: soon}", "ci_watch.settle", "wanted seconds, or a number with s, m, h or d"],
    ["ci_watch: {settle: -3}", "ci_watch.settle", "wanted seconds"],
    ["ci_watch: {auto: pr-ci}", "ci_watch.auto", "a list"],
    ["ci_watch: {isolation_tier_map: {docs: banana}}", "ci_watch.isolation_tier_map.docs", '"stacked_branch"'],
    ["ci_watch: [1]", "ci_watch", "a block of keys"],
    ["ci_watch: {}\nci_heal: {stability_floor: 3}", "ci_heal.stability_floor", "at most 1"],
    ["ci_watch: {}\nci_heal: {classified_failure_types: lint}", "ci_heal.classified_failure_types", "a list"],
  ])("%s is refused with exit 2, naming the key", async (text, key, wanted) => {
    const policy = await policyOf(text.includes("ci_heal") ? text : `${text}\nci_heal: {}`);
    expect(policy.problems.join("\n")).toContain(`"${key}"`);
    expect(policy.problems.join("\n")).toContain(wanted);
    expect(() => requirePolicy(policy, "watch")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test.each([
    ["ci_watch: {}", "ci_heal:"],
    ["ci_heal: {}", "ci_watch:"],
    ["ci_watch:\nci_heal: {}", "ci_watch:"],
    ["", "ci_watch:"],
    ["- a\n- b", "at the top"],
    ["ci_watch: {\n", "policy.yaml"],
    ["ci_watch: {}\nci_watch: {}\nci_heal: {}", "unique"],
  ])("a file like %j does not allow watching", async (text, named) => {
    const policy = await policyOf(text);
    expect(policy.problems.join("\n")).toContain(named);
    expect(() => requirePolicy(policy, "watch")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("a block with a problem leaves the other one as written", async () => {
    const policy = await policyOf("ci_watch: {max_concurrent_prs: x}\nci_heal: {max_attempts: 2}\n");
    expect(policy.ci_heal.max_attempts).toBe(2);
    expect(policy.ci_watch.max_concurrent_prs).toBe(1);
  });

  test("a list with a pattern that is wrong leaves the other patterns as written", async () => {
    const policy = await policyOf(
      "ci_watch: {blocked_paths: [infra/, '*.{a', deploy/, '../b'], offer: never}\nci_heal: {}\n",
    );
    expect(policy.problems.map((problem) => /"(.*?)"/.exec(problem)?.[1])).toEqual([
      "ci_watch.blocked_paths.1",
      "ci_watch.blocked_paths.3",
    ]);
    expect(policy.ci_watch).toMatchObject({ blocked_paths: ["infra/", "deploy/"], offer: "never" });
    expect(() => requirePolicy(policy, "watch")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("a block that is switched off forbids what it governs with exit 7", async () => {
    const policy = await policyOf("ci_watch: {enabled: false}\nci_heal: {}\n");
    expect(() => requireEnabled(policy, "ci_watch")).toThrow(expect.objectContaining({ exitCode: 7 }));
    expect(() => requireEnabled(policy, "ci_heal")).not.toThrow();
  });
});

describe("the user's own config.yaml", () => {
  test("lies under the policy, key by key", async () => {
    write("home/config.yaml", "ci_watch: {max_concurrent_prs: 4, grace: {appear: 10}, offer: never}\n");
    const policy = await policyOf("ci_watch: {max_concurrent_prs: 2, grace: {runner: 20}}\nci_heal: {}\n");
    expect(policy.ci_watch).toMatchObject({ max_concurrent_prs: 2, offer: "never", grace: { appear: 10, runner: 20 } });
    expect(policy.raw.config.ci_watch).toMatchObject({ max_concurrent_prs: 4 });
    expect(policy.raw.policy.ci_watch).toMatchObject({ max_concurrent_prs: 2 });
  });

  test("applies without a policy file, and is no licence to act", async () => {
    write("home/config.yaml", "ci_watch: {settle: 5}\n");
    const policy = await load();
    expect(policy.ci_watch.settle).toBe(5);
    expect(() => requirePolicy(policy, "act")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("is named when it is malformed", async () => {
    write("home/config.yaml", "ci_heal: {max_attempts: many}\n");
    const policy = await policyOf(BOTH);
    expect(policy.problems.join()).toContain("config.yaml");
    expect(policy.ci_heal.max_attempts).toBe(5);
  });
});

test("a service that is described wrongly is named by file, key and nearest key, and stops nothing else", async () => {
  const policy = await policyOf(
    "ci_watch:\n  providers:\n    acme: { request: { path: / }, base: { url: 'https://a.test' }, statez: {} }\nci_heal: {}\n",
  );
  expect(policy.problems).toEqual([]);
  expect(policy.services.join()).toMatch(
    /"ci_watch\.providers\.acme\.statez" in ".*": unknown key "statez" \(did you mean "states"\?\)/,
  );
});

test.each([
  ["{ jenkins: { base: 'https://ci.example.org' } }", null],
  [
    "{ ours: { use: gitlab, base: { url: 'https://git.example.org' }, headers: { private-token: '{env:OURS_TOKEN}' } } }",
    null,
  ],
  [
    "{ jenkins: { bass: 'https://ci.example.org' } }",
    /"ci_watch\.log_providers\.jenkins\.bass" in ".*": unknown key "bass" \(did you mean "base"/,
  ],
  [
    "{ jenkins: { base: 'https://me:pw@ci.example.org' } }",
    /jenkins\.base\.url" in ".*": wanted an http or https URL without credentials/,
  ],
  ["{ jenkins: { sites: ['https://ci.example.org/jobs'] } }", /jenkins\.sites\.0" in ".*": wanted an origin/],
  ["{ jenkins: { headers: { authorization: '{env:1}' } } }", /wanted a text with variables/],
  [
    "{ acme: { base: 'https://a.test', pages: [{ path: '/(', is: run }], targets: {} } }",
    /acme\.pages\.0\.path" in ".*": wanted a regular expression/,
  ],
  [
    "{ acme: { base: 'https://a.test', pages: [{ path: '/x', is: run }], targets: {} } }",
    /acme\.pages" in ".*": "run" is none of "targets"/,
  ],
  ["{ acme: [1] }", /acme" in ".*": wanted a block of keys/],
])("the log providers %s", async (block, problem) => {
  const policy = await policyOf(`ci_watch:\n  log_providers: ${block}\nci_heal: {}\n`);
  expect(policy.problems).toEqual([]);
  if (problem === null) expect(policy.services).toEqual([]);
  else expect(policy.services.join()).toMatch(problem);
});

describe("the reviewers that a policy names", () => {
  const warningsOf = async (reviewers: string) =>
    (
      await policyOf(
        `ci_watch: {reviews: {reviewers: ${reviewers}}, reviewers: {acme-review: {title: Acme}}}\nci_heal: {}\n`,
      )
    ).warnings;

  test("nearly the name of a known one: a person's login, and a warning", async () => {
    expect(await warningsOf("[coderabit, ann, coderabbitt, acme-reviev]")).toEqual([
      expect.stringMatching(
        /^"ci_watch\.reviews\.reviewers" in ".*" names "coderabit", .* did you mean "coderabbit"\?$/,
      ),
      expect.stringContaining('"coderabbitt", a person\'s login: did you mean "coderabbit"?'),
      expect.stringContaining('did you mean "acme-review"?'),
    ]);
    for (const fine of ["auto", "[]", "[coderabbit, acme-review, ann]", "[auto]"])
      expect(await warningsOf(fine)).toEqual([]);
    expect(await warningsOf('[CodeRabbit, "coderabbitai[bot]", "@ann", Acme, "ann-lee_octo"]')).toEqual([]);
  });

  test("no login, or auto beside others: a warning", async () => {
    expect(await warningsOf('[the team, "octo/team", auto]')).toEqual([
      expect.stringMatching(/names "the team", which is no reviewer that p9 knows, and no login$/),
      expect.stringMatching(/names "octo\/team", which is no reviewer/),
      expect.stringMatching(/names "auto" beside others, where it is a person's login: write auto alone$/),
    ]);
  });

  test("an empty name: what is wanted, in one line", async () => {
    const { problems } = await policyOf('ci_watch: {reviews: {reviewers: [""]}}\nci_heal: {}\n');
    expect(problems).toEqual([
      expect.stringMatching(
        /"ci_watch\.reviews\.reviewers\.0" in ".*": wanted a text that is not empty, got the text ""$/,
      ),
    ]);
  });

  test("no list: what is wanted, in one line", async () => {
    const { problems } = await policyOf("ci_watch: {reviews: {reviewers: coderabbit}}\nci_heal: {}\n");
    expect(problems).toEqual([
      expect.stringMatching(
        /"ci_watch\.reviews\.reviewers" in ".*": wanted auto, or a list of reviewers, got the text "coderabbit"$/,
      ),
    ]);
  });

  test("times of reviews are durations as all others, quoted too", async () => {
    const { ci_watch } = await policyOf(
      'ci_watch: {grace: {appear: "90"}, reviews: {settle: {quiet: "300", ceiling: 1h}}}\nci_heal: {}\n',
    );
    expect([ci_watch.grace.appear, ci_watch.reviews.settle]).toEqual([
      90,
      { quiet: 300, lifecycle: 900, ceiling: 3600 },
    ]);
    const { problems } = await policyOf("ci_watch: {reviews: {settle: {quiet: soon}}}\nci_heal: {}\n");
    expect(problems).toEqual([
      expect.stringContaining('wanted seconds, or a number with s, m, h or d, got the text "soon"'),
    ]);
  });
});
