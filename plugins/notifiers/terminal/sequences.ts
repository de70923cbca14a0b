import { type Notice, oneLine } from "../../../src/plugin.ts";

/** How a terminal is told: one of the three sequences that make it show a notice, or its bell. */
export type Form = "osc9" | "osc99" | "osc777" | "bell";

const MAX_TITLE = 120;
const MAX_BODY = 300;

/** What a terminal reads as a notice. Everything of the notice is one line of characters that are seen, so that it ends no sequence. */
export function sequenceOf(form: Form, { id, title, body }: Pick<Notice, "id" | "title" | "body">): string {
  const head = oneLine(title, MAX_TITLE);
  const text = oneLine(body.trim().replaceAll("\n", " · "), MAX_BODY);
  switch (form) {
    case "osc9":
      // What begins with a number is another command (progress) to many terminals.
      return `\u001b]9;p9: ${[head, text].filter(Boolean).join(" · ")}\u0007`;
    case "osc777":
      return `\u001b]777;notify;p9: ${withoutSemicolons(head)};${withoutSemicolons(text)}\u0007`;
    case "osc99":
      return kitty(id, head, text);
    case "bell":
      return "\u0007";
  }
}

/** Kitty's protocol: base64, in two parts of one notice. */
function kitty(id: string, title: string, body: string): string {
  const name = `i=p9-${id.replace(/[^\w-]/g, "").slice(0, 40)}`;
  return `\u001b]99;${name}:d=0:e=1;${base64(`p9: ${title}`)}\u001b\\\u001b]99;${name}:e=1:p=body;${base64(body)}\u001b\\`;
}

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const withoutSemicolons = (text: string) => text.replaceAll(";", ",");

/** A sequence handed on by `levels` tmux, one within the other. The bell needs no help. */
export function throughTmux(sequence: string, levels: number): string {
  let wrapped = sequence;
  for (let level = 0; level < levels; level++)
    wrapped = `\u001bPtmux;${wrapped.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  return wrapped;
}
