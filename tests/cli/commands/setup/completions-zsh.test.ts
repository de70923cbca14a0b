// needs: zsh, tmux
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, sandbox } from "../../../helpers/p9.ts";
import { openTerminal } from "../top/terminal.ts";

/** A zsh in a terminal that has sourced the script twice. `offer`: what p9 runs in place of its own answer. */
async function zsh(offer = "") {
  const box = sandbox();
  writeFileSync(join(box.dir, "p9"), `#!/bin/sh\n${offer}\nexec node ${join(ROOT, "dist/p9.js")} "$@"\n`);
  chmodSync(join(box.dir, "p9"), 0o755);
  const script = box.write("script", (await box.p9(["completions", "zsh"])).stdout);
  const terminal = openTerminal(box, { env: { PATH: `${box.dir}:${box.env.PATH}` } });
  await terminal.until(/ready>/);
  const enter = (line: string) => {
    terminal.type(line);
    terminal.press("Enter");
  };
  enter("zsh -f");
  enter(`autoload -U compinit; compinit -u -D; source ${script}; source ${script}; PS1='%%> '`);
  await terminal.until(/^%> *$/m);
  return { box, terminal };
}

test("zsh completes commands and options, also after a second time of sourcing", async () => {
  const { terminal } = await zsh();
  terminal.type("p9 statusl");
  terminal.press("Tab");
  await terminal.until(/%> p9 statusline/);
  terminal.press("C-u");
  terminal.type("p9 status --no-r");
  terminal.press("Tab");
  await terminal.until(/%> p9 status --no-reap/);
});

test("nothing that p9 offers is run by zsh", async () => {
  const { box, terminal } = await zsh("printf '%s\\tx\\n' 'w$(touch pwned)' 'w`touch pwned`'; echo :4; exit 0");
  terminal.type("p9 attach w");
  terminal.press("Tab");
  await terminal.until(/touch pwned/);
  terminal.press("Tab");
  terminal.press("Tab");
  await terminal.until(/touch/);
  expect(existsSync(join(box.work, "pwned"))).toBe(false);
});
