import type { State } from "../../src/core/states.ts";

export declare function waitId(number: number): string;
export declare function repoOf(number: number): string;
export declare function makeGrownHome(
  home: string,
  options: { readonly waits: number; readonly days?: number; readonly state?: State; readonly kind?: string },
): void;
