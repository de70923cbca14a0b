import { existsSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../base/json.ts";
import { parseSettings } from "../../config/json-problem.ts";
import { droid as adapter } from "../../harness/clients/droid.ts";
import { readText } from "../files.ts";
import { type ClientSetup, grouped, type HookShape, hookRows, hooksFile, inHome } from "./client.ts";

const ROWS = hookRows(adapter);
const entry: HookShape["entry"] = (row, finder) => grouped(row, finder, "Execute");

/** Factory droid (facts/harnesses.md): `hooks.json` has the events at its top. Where the hooks stand in its settings, p9's go there. */
export const droid: ClientSetup = {
  name: "droid",
  title: "Factory droid",
  programs: ["droid"],
  folders: (env) => [inHome(env, ".factory")],
  isUnasked: true,
  files: ({ env, project }) => {
    const folder = project === null ? inHome(env, ".factory") : join(project, ".factory");
    const [file, settings] = [join(folder, "hooks.json"), join(folder, "settings.json")];
    const isInSettings = !existsSync(file) && hasHooks(readText(settings) ?? "{}");
    return [isInSettings ? hooksFile(settings, ROWS, { entry }) : hooksFile(file, ROWS, { at: [], entry })];
  },
};

function hasHooks(text: string): boolean {
  try {
    return isObject(parseSettings(text).hooks);
  } catch {
    return false;
  }
}
