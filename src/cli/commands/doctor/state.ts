import { readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../../base/text.ts";
import { errorText } from "../../../core/errors.ts";
import { makeDir, replaceFile } from "../../../store/files.ts";
import { lockWay, withLock } from "../../../store/lock/lock.ts";
import { paths } from "../../../store/paths.ts";
import { filesPutAside, spoolFiles } from "../../../store/spool.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";

const LITTLE_SPACE = 64 * 1024 * 1024;

/** Checks that the state directory takes a durable write and is readable only by the user. */
export const directory: Check = {
  name: "state",
  run({ home }) {
    const probe = join(home, `.doctor-${process.pid}`);
    const text = `p9 doctor ${Math.random()}`;
    try {
      makeDir(home);
      replaceFile(probe, text);
      const same = readFileSync(probe, "utf8") === text;
      rmSync(probe);
      if (!same) return [ill("state", `"${home}" does not give back what is written`)];
    } catch (error) {
      return [
        ill("state", `Cannot write to "${home}": ${errorText(error)}`, "make it writable, or set BROOMVA_P9_HOME"),
      ];
    }
    return [well("state", `"${home}" can be written`), ...privacy(home), ...space(home)];
  },
};

function privacy(home: string): Finding[] {
  const mode = statSync(home).mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  return [ill("state", `"${home}" is open to other users (mode ${mode.toString(8)})`, `chmod 700 "${home}"`)];
}

function space(home: string): Finding[] {
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize >= LITTLE_SPACE) return [];
  return [ill("state", `Only ${Math.floor((bavail * bsize) / 1024 / 1024)} MB are free at "${home}"`, "make room")];
}

/** Checks that the locks can be taken. */
export const locks: Check = {
  name: "locks",
  async run({ home }) {
    const { stateLock, healLock } = paths(home);
    const findings: Finding[] = [];
    for (const [path, name] of [
      [stateLock, "state.lock"],
      [healLock, "heal.lock"],
    ] as const) {
      try {
        await withLock(path, () => {}, { timeoutMs: 1000 });
      } catch (error) {
        findings.push(ill("locks", `${name}: ${errorText(error)}`, `fuser "${path}" names who holds it`));
      }
    }
    if (findings.length > 0) return findings;
    const { way, isFlock } = await lockWay(stateLock);
    const words = `state.lock and heal.lock are free (${way})`;
    return [isFlock ? well("locks", words) : warned("locks", words, "npm install -g @broomva/p9 brings flock(2)")];
  },
};

/** Checks that every line of the log can be read, and that hooks have left no files behind. */
export const log: Check = {
  name: "log",
  async run(context) {
    const { state, quarantine, spool } = paths(context.home);
    const { bad, waits } = (await context.store()).read();
    const lines = bad.slice(0, 5).map(({ offset, why }) => `byte ${offset}: ${why}`);
    const left = spoolFiles(spool).length;
    const findings: Finding[] = [];
    if (bad.length > 0) {
      findings.push(
        ill(
          "log",
          `${counted(bad.length, "unreadable line")} in "${state}" (${lines.join("; ")}${bad.length > 5 ? "; …" : ""})`,
          `nothing else is affected; copies are in "${quarantine}"; edit the log only while no p9 runs`,
        ),
      );
    }
    if (left > 0) findings.push(ill("log", `${counted(left, "file")} of events in "${spool}"`, "p9 status reads them"));
    const aside = filesPutAside(spool);
    if (aside.length > 0) {
      const what = `${counted(aside.length, "file")} in "${spool}" that held no events`;
      findings.push(ill("log", what, "nothing else is affected; read them, then remove them"));
    }
    return findings.length > 0
      ? findings
      : [well("log", `every line can be read; ${counted(waits.size, "wait")} known`)];
  },
};
