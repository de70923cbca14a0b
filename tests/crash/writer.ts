/** A process that appends events one after the other and prints the id of each one that was acknowledged. */
import { systemClock } from "../../src/base/clock.ts";
import type { NewEvent } from "../../src/core/events.ts";
import { Store } from "../../src/store/store.ts";

const [home = "", name = "", count = "0"] = process.argv.slice(2);
const store = Store.open(home, { clock: systemClock });
const note = (id: string): NewEvent => ({ type: "wait.note", wait_id: id, note: "x".repeat(Math.random() * 2000) });

async function main(): Promise<void> {
  if (name === "--spool") {
    console.log(await store.commitOrSpool([note("spooled")]));
    return;
  }
  for (let i = 0; i < Number(count); i += 1) {
    const id = `${name}-${i}`;
    await store.commit(() => [note(id)]);
    process.stdout.write(`${id}\n`);
  }
}

main();
