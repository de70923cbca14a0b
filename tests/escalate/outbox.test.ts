import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readOutbox } from "../../src/escalate/outbox.ts";
import { paths } from "../../src/store/paths.ts";

function outbox(...lines: (object | string)[]) {
  const home = mkdtempSync(join(tmpdir(), "p9-outbox-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const files = paths(home);
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  appendFileSync(files.escalations, `${text.join("\n")}\n`);
  return readOutbox(files);
}

test("an escalation stands as its newest row says, and the newest escalation comes first", () => {
  const a = { id: "ea", title: "A", state: "pending" };
  const found = outbox(
    a,
    { id: "eb", title: "B" },
    { ...a, state: "filed", ticket: "BRO-7" },
    { id: "ec", title: "C" },
  );
  expect(found.map(({ id, state, ticket }) => `${id} ${state} ${ticket}`)).toEqual([
    "ec pending null",
    "ea filed BRO-7",
    "eb pending null",
  ]);
});

test("rows of another version are read as far as they go, and what is no escalation is passed over", () => {
  const old = { ts: "2026-11-20T10:00:00+00:00", id: "e1", title: "Old", severity: "awful", state: "lost", pr: "42" };
  expect(outbox(old, "not json", "[]", { id: "e2" }, { title: "nameless" })).toEqual([
    {
      ts: old.ts,
      id: "e1",
      repo: "",
      signature: "",
      pr: null,
      wait_id: null,
      title: "Old",
      body: "",
      label: "",
      team: "",
      severity: "error",
      state: "pending",
      ticket: null,
      url: null,
      count: 1,
      since: old.ts,
      problem: null,
    },
  ]);
});
