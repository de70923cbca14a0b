import { join } from "node:path";
import { goose as adapter } from "../../harness/clients/goose.ts";
import { type ClientSetup, grouped, hookRows, hooksFile, inConfig, inHome, OWN_MARK } from "./client.ts";

const ROWS = hookRows(adapter);

/** Goose 1.38 (its documentation/docs/guides/context-engineering/hooks.md; not tested with the client): a plugin folder with hooks. */
export const goose: ClientSetup = {
  name: "goose",
  title: "Goose",
  // A tool for databases has the same name.
  programs: [],
  folders: (env) => [inConfig(env, "goose")],
  files: ({ env, project }) => {
    const folder = join(project ?? inHome(env, "."), ".agents/plugins/p9");
    const manifest = { name: "p9", version: "1.0.0", description: `Waits for CI, deploys and builds. ${OWN_MARK}.` };
    return [
      { path: join(folder, "plugin.json"), text: () => `${JSON.stringify(manifest, null, 2)}\n` },
      hooksFile(join(folder, "hooks/hooks.json"), ROWS, {
        entry: (row, finder) => grouped(row, finder, "developer__shell"),
      }),
    ];
  },
  next: "Goose was not tested with p9; it tells the model at the end of a turn only",
};
