import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { isObject } from "../../../../src/base/json.ts";
import { eventually, type Sandbox } from "../../../helpers/p9.ts";
import { atTestEnd } from "../../../helpers/test-end.ts";

/** One page in a Chromium without a window. */
export interface TestPage {
  /** What a script's expression gives, as plain data. */
  value<T>(expression: string): Promise<T>;
  /** Resolves when the expression holds; `what` is said when it does not. */
  until(what: string, expression: string): Promise<void>;
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Presses keys: characters, or names such as `Enter`. */
  press(...keys: string[]): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Sets a media feature, such as `prefers-color-scheme`. */
  media(name: string, value: string): Promise<void>;
  /** What the browser complained about: errors of scripts, and what a policy forbade. */
  readonly complaints: readonly string[];
}

/** Named keys with their codes and what they type. */
const KEYS: Readonly<Record<string, readonly [code: number, text: string]>> = {
  Enter: [13, "\r"],
  Escape: [27, ""],
  Tab: [9, ""],
  ArrowDown: [40, ""],
  ArrowUp: [38, ""],
};

/** Starts Chromium for a test, and gives its one page. `more`: flags of its own. It is spoken to through pipes, so that it listens on nothing. */
export async function openBrowser(box: Sandbox, more: readonly string[] = []): Promise<TestPage> {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"];
  const own = ["--remote-debugging-pipe", `--user-data-dir=${join(box.dir, "chromium")}`, "--hide-scrollbars"];
  const child = spawn("chromium", [...flags, ...own, ...more], {
    env: { ...box.env },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const { input, output } = pipesOf(child);
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  atTestEnd(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  const complaints: string[] = [];
  const open = new Map<number, (message: Record<string, unknown>) => void>();
  let [asked, rest] = [0, ""];
  output.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) take(JSON.parse(part));
  });
  input.on("error", () => {});

  function take(message: Record<string, unknown>): void {
    if (typeof message.id === "number") open.get(message.id)?.(message);
    else if (message.method === "Runtime.exceptionThrown" || message.method === "Log.entryAdded")
      complaints.push(JSON.stringify(message.params));
  }

  function ask(method: string, params: object = {}, sessionId?: unknown): Promise<Record<string, unknown>> {
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      open.set(id, ({ result, error }) => {
        open.delete(id);
        if (isObject(result)) resolve(result);
        else reject(new Error(`${method}: ${JSON.stringify(error)}`));
      });
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      void gone.then(() => reject(new Error(`${method}: the browser ended`)));
    });
  }

  const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
  const page = (method: string, params: object = {}) => ask(method, params, sessionId);
  for (const domain of ["Page", "Runtime", "Log"]) await page(`${domain}.enable`);
  const value = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await page("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { readonly value: T }).value;
  };
  const features = new Map<string, string>();
  return {
    value,
    complaints,
    until: async (what, expression) => {
      try {
        // While another page is loaded there may be nothing to ask.
        await eventually(what, async () => (await value<unknown>(`!!(${expression})`).catch(() => false)) === true);
      } catch (error) {
        throw new Error(`${error}\n${await value<string>("document.body.innerText")}`);
      }
    },
    open: async (url) => void (await page("Page.navigate", { url })),
    reload: async () => void (await page("Page.reload")),
    press: async (...keys) => {
      for (const key of keys) {
        const [windowsVirtualKeyCode, text] = KEYS[key] ?? [key.toUpperCase().charCodeAt(0), key];
        await page("Input.dispatchKeyEvent", { type: "keyDown", key, text, windowsVirtualKeyCode });
        await page("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode });
      }
    },
    resize: async (width, height) =>
      void (await page("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false })),
    media: async (name, wanted) => {
      features.set(name, wanted);
      const list = [...features].map(([feature, set]) => ({ name: feature, value: set }));
      await page("Emulation.setEmulatedMedia", { features: list });
    },
  };
}

function pipesOf({ stdio }: ChildProcess): { readonly input: Writable; readonly output: Readable } {
  const [input, output] = [stdio[3], stdio[4]];
  if (input instanceof Writable && output instanceof Readable) return { input, output };
  throw new Error("The browser has no pipes");
}
