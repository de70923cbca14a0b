/** A key: the character itself, or the name of another key. Text that was pasted is one key. */
export type Key = string | { readonly pasted: string };

const NAMED: Readonly<Record<string, string>> = {
  "[A": "up",
  OA: "up",
  "[B": "down",
  OB: "down",
  "[C": "right",
  OC: "right",
  "[D": "left",
  OD: "left",
  "[H": "home",
  OH: "home",
  "[1~": "home",
  "[F": "end",
  OF: "end",
  "[4~": "end",
  "[5~": "pageup",
  "[6~": "pagedown",
};
const CONTROL: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\u0003": "ctrl-c",
  "\u0004": "ctrl-d",
  "\u000c": "ctrl-l",
  "\u0015": "ctrl-u",
  "\u001a": "ctrl-z",
  "\u007f": "backspace",
  "\b": "backspace",
};
/** A sequence whose rest has not come within this time is an Escape. */
const REST_MS = 50;
const PASTE = ["\u001b[200~", "\u001b[201~"] as const;
/** A paste is cut there; what follows is not taken for keys. */
const MAX_PASTE = 64 << 10;

/** Makes keys of what a terminal sends, however it is cut into pieces. */
export class KeyReader {
  readonly #on: (key: Key) => void;
  #held = "";
  #timer: NodeJS.Timeout | null = null;

  constructor(on: (key: Key) => void) {
    this.#on = on;
  }

  take(text: string): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#held += text;
    this.#drain();
    if (this.#held.startsWith("\u001b") && !this.#held.startsWith(PASTE[0]))
      this.#timer = setTimeout(() => this.#giveUp(), REST_MS);
  }

  #drain(): void {
    while (this.#held !== "") {
      const { key, length } = firstKey(this.#held);
      if (length === 0) return;
      this.#held = this.#held.slice(length);
      if (key !== null) this.#on(key);
    }
  }

  #giveUp(): void {
    this.#timer = null;
    if (!this.#held.startsWith("\u001b")) return;
    this.#held = this.#held.slice(1);
    this.#on("escape");
    this.#drain();
  }
}

/** The key that a text begins with and how much of it that is; nothing of it while the rest has still to come. Null: no key of ours. */
function firstKey(text: string): { readonly key: Key | null; readonly length: number } {
  if (text.startsWith(PASTE[0])) return pasted(text);
  if (!text.startsWith("\u001b")) {
    const [char = ""] = text;
    const name = CONTROL[char] ?? (char < " " ? null : char);
    return { key: name, length: char.length };
  }
  if (text.startsWith("\u001b\u001b")) return { key: "escape", length: 1 };
  const sequence = /^\u001b(\[[0-9;:?<=>]*[ -/]*[@-~]|O[A-Za-z])/.exec(text);
  if (sequence) return { key: NAMED[sequence[1] ?? ""] ?? null, length: sequence[0].length };
  if (/^\u001b(\[[0-9;:?<=>]*[ -/]*|O)?$/.test(text)) return { key: null, length: 0 };
  // Alt and a key.
  return { key: null, length: 1 + ([...text][1]?.length ?? 0) };
}

function pasted(text: string): { readonly key: Key | null; readonly length: number } {
  const end = text.indexOf(PASTE[1]);
  if (end < 0 && text.length < MAX_PASTE) return { key: null, length: 0 };
  const inside = text.slice(PASTE[0].length, end < 0 ? text.length : end);
  return { key: { pasted: inside }, length: end < 0 ? text.length : end + PASTE[1].length };
}
