import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import type { DiscoverContext, JsonObject, Options, PluginContext, WaitRequest } from "../../src/plugin.ts";
import { ROOT } from "../helpers/p9.ts";
import type { ConformanceWorld } from "./world.ts";

/**
 * What a file in `tests/conformance/<family>/<name>.ts` default-exports: the worlds in which the built-in part of that name is run
 * through the conformance suite, the suite that third parties' parts pass too.
 */
export interface Fixtures {
  readonly "wait-kinds": readonly WaitKindCase[];
  readonly "queue-sources": PrepareSource;
  readonly notifiers: PrepareNotifier;
}

/** A world in which a wait kind has something to watch. */
export interface WaitKindCase {
  /** What holds there: `while the build runs`. */
  readonly title: string;
  /** Programs without which it cannot be made; it is left out where one is missing. */
  readonly needs?: readonly string[];
  /** Makes it, in the sandbox that it is given, and says what is asked for there. What it starts ends with the test (`onTestFinished`). */
  prepare(world: ConformanceWorld): Asked | Promise<Asked>;
}

/** What is asked for in a world; options as they are typed, the context that of the sandbox unless another is given. */
export interface Asked extends Partial<Pick<WaitRequest, "ref" | "argv">> {
  readonly options?: JsonObject;
  readonly context?: () => PluginContext;
}

/** Makes a world in which a queue source finds at least one item; resolves with what its context has beside the usual. */
export type PrepareSource = (world: ConformanceWorld) => Promise<Partial<DiscoverContext>>;

/** Makes a world in which a notifier delivers; resolves with the channel's options. `url`: a server that takes everything. */
export type PrepareNotifier = (world: ConformanceWorld, url: string) => Options;

/** The fixture of a built-in part, or null; see {@link missingFixture}. */
export async function fixtureOf<F extends keyof Fixtures>(family: F, name: string): Promise<Fixtures[F] | null> {
  const file = join(ROOT, fileOf(family, name));
  if (!existsSync(file)) return null;
  const { default: fixture }: { readonly default: Fixtures[F] } = await import(pathToFileURL(file).href);
  return fixture;
}

/** Fails with what is to be done about a part without a fixture. */
export function missingFixture(family: keyof Fixtures, name: string): never {
  expect.fail(
    `"${name}" of plugins/${family}/registry.ts has no world to be tested in: add ${fileOf(family, name)}, like those beside it (tests/conformance/fixture.ts says what it exports)`,
  );
}

/** Whether all of these programs are there. Where everything is said to be, a missing one shall fail. */
export function areThere(programs: readonly string[] = []): boolean {
  if (process.env.CI || process.env.P9_TEST_REQUIRE_CLIENT === "1") return true;
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return programs.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

function fileOf(family: keyof Fixtures, name: string): string {
  return `tests/conformance/${family}/${name}.ts`;
}
