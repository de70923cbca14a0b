/** A process that takes a lock again and again, and notes in a diary when it comes in and goes out. */
import { appendFileSync } from "node:fs";
import { withLock } from "../../src/store/lock/lock.ts";

const [lock = "", diary = "", name = "", count = "0"] = process.argv.slice(2);

async function main(): Promise<void> {
  for (let i = 0; i < Number(count); i += 1) {
    await withLock(lock, async () => {
      appendFileSync(diary, `in ${name}\n`);
      // Others get a turn of the processor while this one is inside.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      appendFileSync(diary, `out ${name}\n`);
    });
  }
}

main();
