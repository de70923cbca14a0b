import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Exec } from "../../../../src/base/exec-types.ts";
import { openAddress } from "../../../../src/cli/commands/top/actions.ts";
import { run } from "../../../../src/process/exec.ts";
import { sandbox } from "../../../helpers/p9.ts";

const ADDRESS = "https://github.com/o/r/pull/42";

test.each([" ", ":", "%s", " : %s"])(
  "BROWSER=%j names no program, and an address is never run as one",
  async (BROWSER) => {
    const box = sandbox();
    // What a repository could hold.
    chmodSync(box.write(ADDRESS, "#!/bin/sh\ntouch ran\n"), 0o755);
    const exec: Exec = (argv, how) => run(argv, { ...how, cwd: box.work });
    const env = { ...box.env, BROWSER, SSH_CONNECTION: "x" };
    expect(await openAddress(ADDRESS, { env, exec })).toBe(`No browser here: ${ADDRESS}`);
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  },
);

test("of several programs in BROWSER the first that is named is asked", async () => {
  const { env } = sandbox();
  const asked = await openAddress(ADDRESS, { env: { ...env, BROWSER: ":echo %s:false" }, exec: run });
  expect(asked).toBe(`Opened ${ADDRESS}`);
});
