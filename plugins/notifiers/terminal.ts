import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { type DeliverContext, defineNotifier, oneLine } from "../../src/plugin.ts";
import { formFromAnswer, formFromEnv } from "./terminal/known.ts";
import { type Form, sequenceOf, throughTmux } from "./terminal/sequences.ts";
import { askTmux } from "./terminal/tmux.ts";

/** The terminal that a process belongs to, wherever its output goes. */
const OWN_TERMINAL = "/dev/tty";
const FORMS: readonly Form[] = ["osc9", "osc99", "osc777", "bell"];

/** Has the terminal in which somebody waits show a notice: also through ssh, where this machine has no desktop. */
export default defineNotifier({
  name: "terminal",
  summary: "Have the terminal that a command waits in show a notice, or ring (OSC 9, 99, 777, bell)",
  foreground: true,
  timeoutS: 4,
  options: {
    form: {
      type: "string",
      default: "auto",
      choices: ["auto", ...FORMS],
      description: "What to send; auto: what the terminal is known to understand, else the bell",
    },
    device: { type: "string", default: OWN_TERMINAL, description: "The terminal to send it to" },
  },
  async missing(context) {
    try {
      closeSync(open(context));
      return null;
    } catch (error) {
      return `No terminal is here: ${error instanceof Error ? error.message : String(error)}`;
    }
  },
  async deliver(notice, context) {
    const { form, levels } = await formFor(context);
    const file = open(context);
    try {
      writeSync(file, throughTmux(sequenceOf(form, notice), levels));
    } finally {
      closeSync(file);
    }
  },
});

/** Nobody is to wait for a terminal whose output was stopped (Ctrl-S). @throws {Error} for what is no device, such as a file. */
function open({ options }: DeliverContext): number {
  const device = typeof options.device === "string" ? options.device : OWN_TERMINAL;
  const file = openSync(device, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (fstatSync(file).isCharacterDevice()) return file;
  closeSync(file);
  throw new Error(`Cannot tell "${oneLine(device, 120)}": it is no terminal`);
}

/** The form, and how many tmux must hand it on. */
async function formFor(context: DeliverContext): Promise<{ readonly form: Form; readonly levels: number }> {
  const { env, options } = context;
  const forced = FORMS.find((form) => form === options.form) ?? null;
  const plain = { form: forced ?? formFromEnv(env) ?? "bell", levels: 0 };
  if (!env.TMUX || (plain.form === "bell" && forced !== null)) return plain;
  const tmux = await askTmux(context);
  // tmux rings its own terminal's bell, and drops what it does not hand on.
  if (!tmux?.passes) return { form: "bell", levels: 0 };
  // Of the terminal around both, the inner tmux knows only what the environment says that it was started in.
  const found = tmux.isNested ? formFromEnv(env) : formFromAnswer(tmux.answers);
  const form = forced ?? found ?? "bell";
  return { form, levels: form === "bell" ? 0 : tmux.isNested ? 2 : 1 };
}
