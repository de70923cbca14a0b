import { defineWaitKind, type OptionSpecs, type Pin, RefError } from "../../src/plugin.ts";
import { lookAtRun, parseRun, pinRun } from "./build/actions-run.ts";
import { beginCommand, endCommand, lookAtCommand, pinCommand } from "./build/local-command.ts";
import { lookAtProcess, pinProcess } from "./build/running-process.ts";

const options: OptionSpecs = {
  pid: { type: "number", description: "watch a process that runs already", value: "n" },
  "exit-file": { type: "string", description: "with --pid: file that will hold the exit code", value: "path" },
  log: { type: "string", description: "with --pid: file that the process logs to", value: "path" },
  "log-ok": {
    type: "string",
    description: "with --pid and --log: the log says this when it went well",
    value: "regex",
  },
};

const WANTED = 'wanted "-- <cmd…>", "--pid <n>", "run:<id>" or the URL of a CI run';

/** Other CI services, which a build on this machine has no need of. */
const ciRun = () => import("./build/ci-run.ts");

const form = (pin: Pin) => pin.identity.form;

/**
 * A build: a command that p9 starts (`-- <cmd…>`), a process that runs already (`--pid`), a run on GitHub Actions (`run:<id>`), or a run
 * of another CI service by its page.
 */
export default defineWaitKind({
  name: "build",
  summary: "a build: -- <cmd…>, --pid <n>, run:<id> on GitHub Actions, or the URL of a CI run",
  options,
  process: "own",
  deadlineS: 7200,
  interval: { firstS: 0.25, maxS: 2 },
  // Long enough for the logs of a CI run in the last look.
  lookTimeoutS: 150,
  async pin(request, context) {
    if (request.options.pid !== undefined && request.argv.length > 0) {
      throw new RefError("Cannot watch both a process and a command: wanted --pid or -- <cmd…>");
    }
    if (request.options.pid !== undefined) return pinProcess(request, context);
    if (request.argv.length > 0) return pinCommand(request, context);
    const run = request.ref === null ? null : parseRun(request.ref);
    if (run) return pinRun(run, request, context);
    if (request.ref !== null && /^https?:\/\//i.test(request.ref))
      return (await ciRun()).pinCiRun(request.ref, context);
    throw new RefError(
      request.ref === null ? `Cannot watch a build: ${WANTED}` : `Cannot watch the build "${request.ref}": ${WANTED}`,
    );
  },
  async begin(pin, context) {
    return form(pin) === "command" ? beginCommand(pin, context) : pin;
  },
  async look(context) {
    if (form(context.pin) === "run") return lookAtRun(context);
    if (form(context.pin) === "ci") return (await ciRun()).lookAtCiRun(context);
    return form(context.pin) === "process" ? lookAtProcess(context) : lookAtCommand(context);
  },
  async end(pin, context) {
    if (form(pin) === "command") await endCommand(pin, context);
  },
  runs: async (context) => (await ciRun()).ciSubjects(context),
});
