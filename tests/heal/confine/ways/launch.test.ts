import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { endsWithParent, withNothingOpen } from "../../../../src/heal/confine/ways/launch.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "p9-launch-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test("a program gets none of the files that p9's parents had open, and its output and arguments as they are", () => {
  const file = join(folder(), "open");
  const open = ["-c", 'exec 7>>"$1" 42>>"$1"; shift; exec "$@"', "open", file];
  const write = ["bash", "-c", 'echo mark >&7; echo mark >&42; echo "$1"; exit 0', "write", "two words '$1'"];
  const quiet: ExecFileSyncOptionsWithStringEncoding = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  expect(execFileSync("bash", [...open, ...withNothingOpen(write)], quiet)).toBe("two words '$1'\n");
  expect(readFileSync(file, "utf8")).toBe("");
  // The same without it, so that this would be seen.
  execFileSync("bash", [...open, ...write], quiet);
  expect(readFileSync(file, "utf8")).toBe("mark\nmark\n");
});

test.skipIf(process.platform !== "linux")(
  "a program ends with the one that started it, however that ends",
  async () => {
    const parent = spawn("sh", ["-c", '"$@" & echo $!; wait', "parent", ...endsWithParent(["sleep", "60"])]);
    const pid = await new Promise<string>((resolve) =>
      parent.stdout.once("data", (data) => resolve(String(data).trim())),
    );
    const command = () => (existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "");
    while (!command().startsWith("sleep")) await new Promise((resolve) => setTimeout(resolve, 10));
    parent.kill("SIGKILL");
    while (command() !== "") await new Promise((resolve) => setTimeout(resolve, 10));
  },
);
