import type { Command } from "@commander-js/extra-typings";
import type { Context } from "../../program/context.ts";

export function register(command: Command, context: Context): void {
  command
    .command("list")
    .description("Show every configured plugin: what it provides, whether it is trusted, its last error")
    .action(async () => (await import("./list.ts")).listPlugins(context));
  command
    .command("new")
    .description("Write a working plugin with a test into a new folder")
    .argument("<type>", "source, wait-kind or notifier")
    .argument("<name>", "its name, kebab-case")
    .option("--lang <language>", "ts, python or bash", "ts")
    .action(async (type, name, { lang }) => (await import("./new.ts")).newPlugin(context, type, name, lang));
  command
    .command("test")
    .description("Run the conformance suite, the one that the built-ins pass too")
    .argument("<plugin>", "npm:<package>, a path, exec:<program>, or the name of a part of p9 itself")
    .option("--ref <ref>", "what to watch in the tests of a wait kind")
    .option("--option <name=value>", "an option of the part that is tested; may be repeated", collect)
    .option("--only <name>", "only the wait kind, source or notifier of this name")
    .option("--here", "ask it in this directory; default: in an empty one")
    .action(async (plugin, options) => (await import("./test.ts")).testPlugin(context, plugin, options));
  command
    .command("add")
    .description("Use a plugin from now on (installs npm: packages)")
    .argument("<plugin>", "npm:<package>, a path, or exec:<program>")
    .action(async (plugin) => (await import("./add.ts")).addPlugin(context, plugin));
  command
    .command("remove")
    .description("Use a plugin no longer")
    .argument("<plugin>", "its name, or as p9 plugin list shows it")
    .action(async (plugin) => (await import("./remove.ts")).removePlugin(context, plugin));
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
