import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Exec } from "../../../src/base/exec-types.ts";
import { openAddress } from "../../../src/cli/show/browser.ts";
import { run } from "../../../src/process/exec.ts";
import { sandbox } from "../../helpers/p9.ts";

const ADDRESS = "https://github.com/o/r/pull/42";

test.each([" ", ":", "%s", " : %s"])(
  "BROWSER=%j names no program, and an address is never run as one",
  async (BROWSER) => {
    const box = sandbox();
    // What a repository could hold.
    chmodSync(box.write(ADDRESS, "#!/bin/sh\ntouch ran\n"), 0o755);
    const exec: Exec = (argv, how) => run(argv, { ...how, cwd: box.work });
    const env = { ...box.env, BROWSER, SSH_CONNECTION: "x" };
    expect(await openAddress(ADDRESS, { env, exec })).toEqual({ opened: false, said: `No browser here: ${ADDRESS}` });
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  },
);

test("of several programs in BROWSER the first that is named is asked", async () => {
  const { env } = sandbox();
  const asked = await openAddress(ADDRESS, { env: { ...env, BROWSER: ":echo %s:false" }, exec: run });
  expect(asked).toEqual({ opened: true, said: `Opened ${ADDRESS}` });
});

test.each(["file:///etc/passwd", "javascript:alert(1)", "--version", "https://user:pw@example.com/"])(
  "%j is never given to a browser",
  async (address) => {
    const { env } = sandbox();
    const { opened } = await openAddress(address, { env: { ...env, BROWSER: "echo" }, exec: run });
    expect(opened).toBe(false);
  },
);
