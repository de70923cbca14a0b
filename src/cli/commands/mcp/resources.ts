import { EXIT } from "../../../core/exit-codes.ts";
import { terminationReport } from "../../../inbox/report.ts";
import { escaped, jsonDocument } from "../../program/output.ts";
import { type Answer, seen } from "./answer.ts";
import { type Call, runLine, runWork } from "./call.ts";

/** Something to read. */
interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  /** Its text, a JSON document. */
  read(call: Call): Promise<string>;
}

/** THE RESOURCES of the server. */
export const RESOURCES: readonly Resource[] = [
  {
    uri: "p9://waits",
    name: "waits",
    description: "What is being waited for, as p9 status --json says it",
    read: async (call) => textOf(await runLine(["status", "--json"], call)),
  },
  {
    uri: "p9://inbox",
    name: "inbox",
    description: "How waits of this session ended that it was not told of, as p9 report --json says it",
    read: async (call) => textOf(await unread(call)),
  },
];

function unread(call: Call): Promise<Answer> {
  return runWork(call, async (context) => {
    const store = await context.store();
    const endings = call.server.endings.unread(await context.session(), store);
    const waits = endings.flatMap(({ wait_id }) => store.find(wait_id) ?? []);
    return { exit: EXIT.ok, document: JSON.parse(jsonDocument({ reports: waits.map(terminationReport) })) };
  });
}

/** @throws {Error} what the command said when it failed */
function textOf({ document, failed, messages }: Answer): string {
  if (failed) throw new Error(messages[0] ?? "p9 could not read its state");
  return escaped(JSON.stringify(seen(document)));
}
