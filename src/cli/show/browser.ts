import { errorText } from "../../core/errors.ts";
import { EXIT } from "../../core/exit-codes.ts";
import type { Context } from "../program/context.ts";
import { webAddress } from "./styled.ts";

/** How an attempt to open an address came out. */
export interface Opening {
  readonly opened: boolean;
  /** The same in a sentence; the address is always in it. */
  readonly said: string;
}

/** Opens an address of the web in the browser. Never rejects. */
export async function openAddress(url: string, { env, exec }: Pick<Context, "env" | "exec">): Promise<Opening> {
  // A browser may take another text for an option, a file or a program.
  const address = webAddress(url);
  if (address === null) return { opened: false, said: `Cannot open ${url}: only http and https are opened` };
  const argv = browserOf(env);
  if (argv === null) return { opened: false, said: `No browser here: ${url}` };
  try {
    const { code, stderr, notFound } = await exec([...argv, address], { env, timeoutMs: 10_000, maxBytes: 4096 });
    if (code === EXIT.ok) return { opened: true, said: `Opened ${url}` };
    const why = notFound ? `there is no ${argv[0]}` : stderr.trim().split("\n")[0];
    return { opened: false, said: `Cannot open ${url}${why ? `: ${why}` : ""}` };
  } catch (error) {
    return { opened: false, said: `Cannot open ${url}: ${errorText(error)}` };
  }
}

/** The program that opens an address, or null: nobody would see it (a connection from elsewhere, no display). */
function browserOf(env: Context["env"]): readonly string[] | null {
  const programs = (env.BROWSER ?? "")
    .split(":")
    .map((line) => line.split(/\s+/).filter((word) => word !== "" && word !== "%s"));
  // Without a program, the address would be run as one.
  const named = programs.find((argv) => argv.length > 0);
  if (named) return named;
  if (process.platform === "darwin") return env.SSH_CONNECTION ? null : ["open"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : null;
}
