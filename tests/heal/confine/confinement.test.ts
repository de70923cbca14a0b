import { expect, test } from "vitest";
import { problemWith, WAYS } from "../../../src/heal/confine/confinement.ts";
import { run } from "../../../src/process/exec.ts";
import { missing } from "./lab.ts";

test.each(["bubblewrap", "namespaces"] as const)("%s confines for a user whose PATH has no sbin", async (name) => {
  if ((await missing(name)) !== null) return;
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin" };
  expect(await problemWith(WAYS[name], { exec: run, env })).toBeNull();
});
