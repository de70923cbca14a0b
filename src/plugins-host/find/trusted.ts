import { createHash } from "node:crypto";
import type { TrustSubject } from "../../contract/context.ts";
import { errorText } from "../../core/errors.ts";
import { type Configured, configuredPlugins, locateConfigured } from "./configured.ts";
import { pluginFiles } from "./files.ts";
import type { PluginScope } from "./scope.ts";
import type { Location } from "./specifier.ts";

/** A plugin that a repository names: every file of it with its text, binary files by their hash. */
export interface RepositoryPlugin extends TrustSubject {
  /** Why it cannot be shown, and so not be trusted. */
  readonly problem: string | null;
}

/** What `p9 trust` has to ask about in the repository that `scope.cwd` lies in. */
export async function repositoryPlugins(scope: PluginScope): Promise<readonly RepositoryPlugin[]> {
  const plugins = (await configuredPlugins(scope)).filter(({ from }) => from === "repository");
  return plugins.map((plugin) => {
    try {
      const location = locateConfigured(plugin, scope.home);
      const content = contentOf(plugin, location);
      return { subject: subjectOf(plugin), content, command: commandOf(location), problem: null };
    } catch (error) {
      return { subject: subjectOf(plugin), content: "", problem: errorText(error) };
    }
  });
}

/**
 * Whether a plugin may run: one of the user's always; one of a repository once `p9 trust` was given for its current files.
 * Unreadable files are not trusted.
 */
export async function isPluginTrusted(scope: PluginScope, plugin: Configured, location: Location): Promise<boolean> {
  if (plugin.from === "user") return true;
  const { isTrusted } = await import("../../trust/trust.ts");
  try {
    const subject = { subject: subjectOf(plugin), content: contentOf(plugin, location), command: commandOf(location) };
    return await isTrusted(scope, subject);
  } catch {
    return false;
  }
}

function subjectOf({ use }: Configured): string {
  return `plugin ${use}`;
}

/** What runs it, as far as trust goes: what a module loads from outside its own folder counts too. */
function commandOf({ type, path }: Location): string {
  return type === "program" ? path : `node ${path}`;
}

function contentOf({ use }: Configured, location: Location): string {
  const files = pluginFiles(use, location);
  const texts = files.map(({ path, bytes }) => `--- ${path}\n${readable(bytes)}\n`);
  return `${location.type} ${location.folder === null ? location.path : use}\n${texts.join("")}`;
}

function readable(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes("\0") && Buffer.from(text, "utf8").equals(bytes)) return text;
  return `(binary, sha256 ${createHash("sha256").update(bytes).digest("hex")})`;
}
