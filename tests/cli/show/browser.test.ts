import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAddress } from "../../../src/cli/show/browser.ts";
import { eventually, sandbox } from "../../helpers/p9.ts";

const ADDRESS = "https://github.com/o/r/pull/42";

/** A user, and a program of theirs that notes what it is given. */
function lab() {
  const box = sandbox();
  const program = (name: string, script: string) => {
    const path = box.write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const noted = join(box.work, "noted");
  const notes = program("note it", `printf '%s|' "$@" >> '${noted}'`);
  const read = () => (existsSync(noted) ? readFileSync(noted, "utf8") : "");
  const open = (BROWSER: string, address = ADDRESS) =>
    openAddress(address, { env: { ...box.env, BROWSER, SSH_CONNECTION: "x" }, place: box.work });
  return { box, program, notes, read, noted, open };
}

test.each([" ", ":", "%s", " : %s"])(
  "BROWSER=%j names no program, and an address is never run as one",
  async (BROWSER) => {
    const { box, open } = lab();
    // What a repository could hold.
    chmodSync(box.write(ADDRESS, "#!/bin/sh\ntouch ran\n"), 0o755);
    expect(await open(BROWSER)).toMatchObject({ opened: false, said: `No browser here: ${ADDRESS}` });
    expect(existsSync(join(box.work, "ran"))).toBe(false);
  },
);

test("the first program in BROWSER that can opens it; a path may hold spaces", async () => {
  const { notes, program, read, open } = lab();
  const broken = program("broken", "exit 3");
  expect(await open(`:no-such-program:${broken}:${notes}:false`)).toEqual({ opened: true, said: `Opened ${ADDRESS}` });
  expect(read()).toBe(`${ADDRESS}|`);
  expect(await open(`no-such-program %s`)).toMatchObject({ opened: false, why: "Cannot start no-such-program" });
  expect(await open(broken)).toMatchObject({ opened: false, said: `${broken} ended with exit code 3: ${ADDRESS}` });
});

test("%s stands for the address, also within a word, and the address is at the end without it", async () => {
  const { program, read, noted, open } = lab();
  const plain = program("plain", `printf '%s|' "$@" >> '${noted}'`);
  await open(`${plain} --new --url=%s`);
  await open(`${plain} --new`);
  expect(read()).toBe(`--new|--url=${ADDRESS}|--new|${ADDRESS}|`);
});

test("a browser that goes on is left running, and was opened", async () => {
  const { program, read, noted, open } = lab();
  const goes = program("goes-on", `sleep 3; printf 'still here' > '${noted}'`);
  expect(await open(goes)).toMatchObject({ opened: true });
  expect(read()).toBe("");
  await eventually("it is still there", () => read() === "still here");
});

test.each(["file:///etc/passwd", "javascript:alert(1)", "--version", "https://user:pw@example.com/"])(
  "%j is never given to a browser",
  async (address) => {
    const { notes, read, open } = lab();
    expect((await open(notes, address)).opened).toBe(false);
    expect(read()).toBe("");
  },
);
