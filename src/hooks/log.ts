import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { timestamp } from "../base/clock.ts";
import { redact } from "../base/redact.ts";
import { oneLine } from "../base/text.ts";
import { makeDir, rotate } from "../store/files.ts";
import type { HookContext } from "./context.ts";

/** Writes a line about something that a hook could not do; `p9 doctor` shows it, and the tool call goes on. */
export function note(context: Pick<HookContext, "home" | "clock">, text: string): void {
  try {
    const logs = join(context.home, "logs");
    const path = join(logs, "hooks.log");
    makeDir(logs);
    rotate(path);
    appendFileSync(path, `${timestamp(context.clock.now())} ${oneLine(redact(text), 500)}\n`, {
      mode: 0o600,
    });
  } catch {
    // There is nowhere left to report it.
  }
}
