import { statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { EXIT } from "../../core/exit-codes.ts";
import { launch } from "../../process/exec.ts";
import type { Context } from "../program/context.ts";
import { webAddress } from "./styled.ts";

/** How an attempt to open an address came out. */
export interface Opening {
  readonly opened: boolean;
  /** The same in a sentence; the address is always in it. */
  readonly said: string;
  /** Why it was not opened, without the address. */
  readonly why?: string;
}

/** A program that goes on for so long has opened the address: it may be the browser itself, and stay. In ms. */
const FAILS_WITHIN = 2_000;

/** Opens an address of the web in the browser, with the first of its programs that can. Never rejects. */
export async function openAddress(url: string, { env, place: cwd }: Pick<Context, "env" | "place">): Promise<Opening> {
  // A browser may take another text for an option, a file or a program.
  const address = webAddress(url);
  if (address === null) return notOpened(url, "Only http and https are opened");
  let why = "No browser here";
  for (const argv of browsersOf(env)) {
    const code = await launch(withAddress(argv, address), { env, cwd, ms: FAILS_WITHIN });
    if (code === EXIT.ok) return { opened: true, said: `Opened ${url}` };
    why = code === null ? `Cannot start ${argv[0]}` : `${argv[0]} ended with exit code ${code}`;
  }
  return notOpened(url, why);
}

function notOpened(url: string, why: string): Opening {
  return { opened: false, said: `${why}: ${url}`, why };
}

/** The programs that open an address, the first that can; none where nobody would see it (a connection from elsewhere, no display). */
function browsersOf(env: Context["env"]): readonly (readonly string[])[] {
  // Without a program, the address would be run as one.
  const named = (env.BROWSER ?? "").split(":").flatMap((line) => {
    const argv = isFile(line.trim()) ? [line.trim()] : line.split(/\s+/).filter(Boolean);
    return argv[0] === undefined || argv[0].includes("%s") ? [] : [argv];
  });
  if (named.length > 0) return named;
  if (process.platform === "darwin") return env.SSH_CONNECTION ? [] : [["open"]];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? [["xdg-open"]] : [];
}

/** Whether a text is the path of a file, which may hold spaces. */
function isFile(path: string): boolean {
  try {
    return isAbsolute(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A command line with the address where it wants it, else at its end. */
function withAddress(argv: readonly string[], address: string): readonly string[] {
  if (!argv.some((word) => word.includes("%s"))) return [...argv, address];
  return argv.map((word) => word.replaceAll("%s", () => address));
}
