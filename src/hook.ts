import { runHook } from "./hooks/entry.ts";

void runHook();
