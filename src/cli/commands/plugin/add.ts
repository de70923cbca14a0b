import { ExternalError, errorText } from "../../../core/errors.ts";
import { editPluginsFile } from "../../../plugins-host/find/plugins-file.ts";
import { locate } from "../../../plugins-host/find/specifier.ts";
import { packagesFolder } from "../../../plugins-host/packages-folder.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { npm } from "./install.ts";
import { readSpec } from "./spec.ts";

/** `p9 plugin add`: only a plugin that says what it provides is taken in. */
export async function addPlugin(context: Context, typed: string): Promise<void> {
  const { home, env, cwd } = context;
  const { package: name, install } = packageOf(typed);
  const spec = name ? `npm:${name}` : readSpec(typed, cwd);
  if (install) await npm(context, "install", install);
  const target = { ...locate(spec, home, [packagesFolder(home)]), spec, label: spec };
  const { describePlugin } = await import("../../../plugins-host/find/describe.ts");
  const description = await describePlugin(target, { home, env, cwd }).catch((error: unknown) => {
    throw new ExternalError(`Cannot add plugin "${spec}": ${errorText(error)}`);
  });
  const file = paths(home).plugins;
  const added = await editPluginsFile(file, spec, "add");
  const { waitKinds = [], queueSources = [], notifiers = [], logProviders = [], reviewers = [] } = description;
  const provides = [...waitKinds, ...queueSources, ...notifiers, ...logProviders, ...reviewers].map(
    (part) => part.name,
  );
  if (context.json) context.printJson({ plugin: spec, name: description.name, provides, added });
  else context.print(`${added ? "Added" : "Already there:"} ${description.name} (${spec}): ${provides.join(", ")}`);
}

/** `npm:name@range` installs that range; the configuration names the package only. */
function packageOf(typed: string): { readonly package: string | null; readonly install: string | null } {
  if (!typed.startsWith("npm:")) return { package: null, install: null };
  const install = typed.slice(4);
  return { package: install.replace(/(?<=.)@[^/]*$/, ""), install };
}
