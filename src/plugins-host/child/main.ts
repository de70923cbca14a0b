/**
 * The process that a plugin module runs in: one request on stdin, one answer on stdout, then it is over. What a plugin asks
 * of p9 (fetch, programs, GitHub, the diff) goes back over the pipe.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { definePlugin, type Plugin } from "../../contract/define.ts";
import { fromWire, type ModuleLine, type Reply, type Request, toWire } from "../call/protocol.ts";
import { answer } from "./answer.ts";
import { importModule } from "./import-module.ts";
import type { Pipe } from "./pipe.ts";

const [file = "", modules = "{}", token = ""] = process.argv.slice(2);

const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
let asked = 0;

const pipe: Pipe = {
  send: (line: ModuleLine) => writeAll(`\n${token}${JSON.stringify(line)}\n`),
  ask: (ask, args) => {
    asked += 1;
    pipe.send({ type: "ask", id: asked, ask, args });
    return new Promise((resolve, reject) => pending.set(asked, { resolve, reject }));
  },
};

/** Writes synchronously, since the process ends right after its answer. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

function onReply(reply: Reply): void {
  const waiting = pending.get(reply.id);
  pending.delete(reply.id);
  if ("error" in reply) waiting?.reject(fromWire(reply.error));
  else waiting?.resolve(reply.value);
}

function fail(error: unknown): never {
  pipe.send({ type: "error", error: toWire(error) });
  process.exit(70);
}

async function serve(request: Request): Promise<never> {
  const { default: plugin } = await importModule(file, JSON.parse(modules));
  if (typeof plugin !== "object" || plugin === null) {
    throw new TypeError("The module has no default export: wanted definePlugin({ … })");
  }
  pipe.send({ type: "value", value: await answer(definePlugin(plugin as Plugin), request, pipe) });
  process.exit(0);
}

// Send the plugin's own output to the log, so that it does not mix with answers.
process.stdout.write = process.stderr.write.bind(process.stderr);
process.argv.splice(2);
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

let request: Request | undefined;
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const message = JSON.parse(line);
    if (request) return onReply(message);
    request = message;
    serve(message).catch(fail);
  })
  .on("close", () => process.exit(0)); // p9 is gone.
