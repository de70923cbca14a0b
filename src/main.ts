#!/usr/bin/env node
import { main } from "./cli/program/program.ts";
import { untrace } from "./hooks/pushes/own-pushes.ts";

untrace(process.argv.slice(2), process.env);
main(process.argv.slice(2)).then((code) => {
  // Not process.exit(): what is still to be written would be cut off.
  process.exitCode = code;
});
