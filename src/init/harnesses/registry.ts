import type { HarnessName } from "../../harness/harness.ts";
import type { ClientSetup } from "./client.ts";
import { cline } from "./cline.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { cursor } from "./cursor.ts";
import { droid } from "./droid.ts";
import { gemini } from "./gemini.ts";
import { goose } from "./goose.ts";
import { kiro } from "./kiro.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { vscode } from "./vscode.ts";
import { windsurf } from "./windsurf.ts";

/** Set-ups of every client but Claude Code, whose settings hold more than hooks. */
export const SETUPS: Readonly<Record<Exclude<HarnessName, "claude">, ClientSetup>> = {
  codex,
  opencode,
  copilot,
  gemini,
  pi,
  droid,
  cline,
  cursor,
  windsurf,
  kiro,
  goose,
  vscode,
};
