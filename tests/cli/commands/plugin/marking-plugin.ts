import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../../../helpers/p9.ts";

/** A plugin that leaves a mark whenever any of its code runs, and provides one of everything. */
export const MARKING = `
import { appendFileSync } from "node:fs";
appendFileSync(process.env.HOME + "/ran", "x");
export default {
  name: "marking",
  waitKinds: [{ name: "marked-kind", summary: "S",
    async pin({ ref }) { return { ref: ref ?? "x", key: "k", identity: {}, complete: true }; },
    async look() { return { status: "succeeded", reason: "Done" }; } }],
  queueSources: [{ name: "marked-source", summary: "S", async discover() { return [{ item: "Marked work", key: "k" }]; } }],
  notifiers: [{ name: "marked-notifier", summary: "S", async deliver() {} }],
};`;

/** Whether any of its code ran. */
export const ran = (box: Sandbox) => existsSync(join(box.dir, "ran"));
