import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { counted } from "../../../base/text.ts";
import type { CheckResult } from "../../../conformance/check.ts";
import { startFaultProxies } from "../../../conformance/fault-proxy.ts";
import { DegradedError, errorText, UsageError } from "../../../core/errors.ts";
import type { Target } from "../../../plugins-host/call/target.ts";
import { describePlugin } from "../../../plugins-host/find/describe.ts";
import { builtInParts, type Part } from "../../../plugins-host/find/resolve.ts";
import { locate } from "../../../plugins-host/find/specifier.ts";
import { packagesFolder } from "../../../plugins-host/packages-folder.ts";
import type { Context } from "../../program/context.ts";
import { readSpec } from "./spec.ts";
import type { TestOptions } from "./test-options.ts";
import { partsOf, type TestPlace, testPart } from "./test-part.ts";

interface PartResult {
  readonly type: Part["type"];
  readonly name: string;
  readonly checks: readonly CheckResult[];
}

/** `p9 plugin test`: exit 1 when a check fails. */
export async function testPlugin(context: Context, typed: string, options: TestOptions): Promise<void> {
  const { home, env, cwd } = context;
  const builtIn = await builtInNamed(typed, cwd);
  const spec = builtIn ? typed : readSpec(typed, cwd);
  const target = builtIn ? null : { ...locate(spec, cwd, [cwd, packagesFolder(home)]), spec, label: spec };
  const scratch = mkdtempSync(join(tmpdir(), "p9-plugin-test-"));
  // Only programs need the proxies: modules make their requests through p9.
  const proxies = target?.type === "program" ? await startFaultProxies() : {};
  try {
    const place = { home: join(scratch, "state"), env, cwd: options.here ? cwd : join(scratch, "work"), proxies };
    mkdirSync(place.home, { mode: 0o700 });
    mkdirSync(join(scratch, "work"));
    const { name, parts } = target ? await described(target, place) : { name: spec, parts: builtIn ?? [] };
    const wanted = parts.filter(({ part }) => options.only === undefined || part.name === options.only);
    if (wanted.length === 0) {
      throw new UsageError(
        `Cannot test "${options.only}": the plugin has ${parts.map(({ part }) => `"${part.name}"`).join(", ")}`,
      );
    }
    const results: PartResult[] = [];
    for (const one of wanted) {
      const checks = await testPart(context, one, place, options);
      results.push({ type: one.type, name: one.part.name, checks });
      if (!context.json) printPart(context, results.at(-1));
    }
    report(context, spec, name, results);
    const empty = results.some(({ type, checks }) => type === "queue source" && checks.some(isSkipped));
    if (empty && !options.here) context.warn("It found nothing in an empty directory: --here asks it in this one");
  } finally {
    for (const proxy of Object.values(proxies)) proxy.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The built-in parts of a bare name; null when there is none, or a file has that name. */
async function builtInNamed(typed: string, cwd: string): Promise<readonly Part[] | null> {
  if (existsSync(resolve(cwd, typed))) return null;
  const parts = await builtInParts(typed);
  return parts.length > 0 ? parts : null;
}

/** What a third party's plugin says that it provides. */
async function described(target: Target, place: TestPlace): Promise<{ name: string; parts: readonly Part[] }> {
  const description = await describePlugin(target, place).catch((error: unknown) => {
    throw new DegradedError(`${target.spec} fails before any test: ${errorText(error)}`);
  });
  const { name } = description;
  return { name, parts: await partsOf({ home: place.home, target: { ...target, label: name } }, description) };
}

const MARK = { passed: "ok  ", failed: "FAIL", skipped: "skip" } as const;

function printPart(context: Context, part: PartResult | undefined): void {
  if (!part) return;
  context.print(`${part.type} ${part.name}`);
  for (const { name, verdict, detail } of part.checks) {
    context.print(`  ${MARK[verdict]}  ${name}${detail ? `: ${detail}` : ""}`);
  }
}

function isSkipped({ verdict }: CheckResult): boolean {
  return verdict === "skipped";
}

function report(context: Context, spec: string, name: string, parts: readonly PartResult[]): void {
  const all = parts.flatMap(({ checks }) => checks);
  const count = (verdict: CheckResult["verdict"]) => all.filter((check) => check.verdict === verdict).length;
  const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
  if (failed > 0) context.exit(1);
  if (context.json) context.printJson({ plugin: spec, name, passed, failed, skipped, parts });
  else {
    const more = skipped ? `, ${skipped} skipped` : "";
    context.print(
      failed
        ? `${name}: ${failed} of ${counted(all.length, "check")} failed${more}`
        : `${name}: ${counted(passed, "check")} passed${more}`,
    );
  }
}
