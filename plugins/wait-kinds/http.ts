import { defineWaitKind, type OptionSpecs } from "../../src/plugin.ts";
import { lookAtUrl } from "./http/look.ts";
import { pinUrl } from "./http/pin.ts";

const options: OptionSpecs = {
  status: {
    type: "string",
    value: "codes",
    description: "status codes that are right: 200, or 200-299,304 (default 200-299)",
  },
  "fail-status": { type: "string", value: "codes", description: "status codes that mean it failed" },
  pointer: {
    type: "string",
    value: "pointer",
    description: "take the value at this JSON pointer of the answer: /status, /jobs/0/state, or /jobs/# for how many",
  },
  header: { type: "string", value: "name", description: "take the value of this header of the answer" },
  body: {
    type: "string",
    value: "regex",
    description: "take the first group (or the whole match) of this in the body",
  },
  success: { type: "strings", value: "value", description: "values that mean it succeeded (default: any value)" },
  failure: { type: "strings", value: "value", description: "values that mean it failed" },
  consecutive: { type: "number", default: 2, value: "n", description: "so many answers in a row must agree" },
  follow: {
    type: "boolean",
    description: "follow redirects to other hosts too; not with --send, and never from https to http",
  },
  send: {
    type: "strings",
    value: "name: value",
    description: "send this header; a value env:NAME is read from the environment",
  },
};

/** Whether a URL answers as wanted: status, a value in JSON, a header or the body. */
export default defineWaitKind({
  name: "http",
  summary: "a URL until it answers as wanted: status, JSON value, header or body",
  options,
  process: "shared",
  repo: false,
  deadlineS: 3600,
  // There is no log to read.
  traits: { next: { failed: "Look at what the URL answers and repair it, or tell the user" } },
  pin: pinUrl,
  look: lookAtUrl,
});
