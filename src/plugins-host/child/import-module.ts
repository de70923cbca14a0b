import module, { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Imports a plugin's module. `@broomva/p9` is this p9 unless the plugin has one installed, so that a single file anywhere
 * can import it.
 *
 * @param modules URLs of this p9's public modules by name
 */
export async function importModule(
  file: string,
  modules: Readonly<Record<string, string>>,
): Promise<{ readonly default?: unknown }> {
  if (!findsP9(file)) provideP9(modules);
  return import(pathToFileURL(file).href);
}

function findsP9(file: string): boolean {
  try {
    createRequire(file).resolve("@broomva/p9");
    return true;
  } catch {
    return false;
  }
}

/** `registerHooks` of `node:module` as Node 22.15, Deno 2.9 and later have it; the types of Node 20 do not know it. */
type RegisterHooks = (hooks: {
  resolve(name: string, context: object, next: (name: string, context: object) => object): object;
}) => void;

function hasRegisterHooks(value: object): value is { readonly registerHooks: RegisterHooks } {
  return "registerHooks" in value && typeof value.registerHooks === "function";
}

/** Hooks in the same thread where there are any; Node 20 has only those of a thread of their own; Deno gets an import map. */
function provideP9(modules: Readonly<Record<string, string>>): void {
  if (hasRegisterHooks(module)) {
    module.registerHooks({
      resolve: (name, context, next) => {
        const url = modules[name];
        return url === undefined ? next(name, context) : { url, shortCircuit: true };
      },
    });
    return;
  }
  const hooks = `const modules = new Map(${JSON.stringify(Object.entries(modules))});
    export const resolve = (name, context, next) =>
      modules.has(name) ? { url: modules.get(name), shortCircuit: true } : next(name, context);`;
  module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
