import { COMPILED_RUNNERS } from "./compiled-runners.ts";
import { JVM_RUNNERS } from "./jvm-runners.ts";
import type { Naming } from "./runner.ts";
import { SCRIPT_RUNNERS } from "./script-runners.ts";
import { WEB_RUNNERS } from "./web-runners.ts";

const ALL = [...SCRIPT_RUNNERS, ...WEB_RUNNERS, ...JVM_RUNNERS, ...COMPILED_RUNNERS];

/** Every way in which a known test runner names a failing test; of two that fit a line, the earlier one counts: common shapes come last. */
export const NAMINGS: readonly Naming[] = [...ALL.filter(({ weak }) => !weak), ...ALL.filter(({ weak }) => weak)];
