// Loaded before p9 (`node --require`): kills the process with KILL before the write whose number is in P9_TEST_DIE_AT; of a text, half
// is written first.
const fs = require("node:fs");

const WRITES = [
  "appendFileSync",
  "chmodSync",
  "copyFileSync",
  "fdatasyncSync",
  "fsyncSync",
  "ftruncateSync",
  "linkSync",
  "mkdirSync",
  "renameSync",
  "rmSync",
  "rmdirSync",
  "truncateSync",
  "unlinkSync",
  "writeFileSync",
  "writeSync",
];
const dieAt = Number(process.env.P9_TEST_DIE_AT);
let made = 0;
for (const name of WRITES) {
  const write = fs[name];
  fs[name] = (...args) => {
    // What is said on stdout and stderr is no write.
    if (!(name === "writeSync" && (args[0] === 1 || args[0] === 2))) {
      made += 1;
      if (made === dieAt) {
        const [file, text] = args;
        if (name.startsWith("write") && text?.length > 1) write(file, text.slice(0, text.length / 2));
        process.kill(process.pid, "SIGKILL");
      }
    }
    return write(...args);
  };
}
