#!/usr/bin/env node
import { writeSync } from "node:fs";
import { main } from "./cli/program/program.ts";
import { errorText } from "./core/errors.ts";
import { untrace } from "./hooks/pushes/own-pushes.ts";

untrace(process.argv.slice(2), process.env);
main(process.argv.slice(2)).then(
  (code) => {
    // Not process.exit(): what is still to be written would be cut off.
    process.exitCode = code;
  },
  (error) => {
    writeSync(2, `p9: internal error: ${errorText(error)}\n`);
    process.exitCode = 1;
  },
);
