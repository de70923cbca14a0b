/** Keywords that may stand before a command. */
const KEYWORDS = new Set(["do", "then", "else", "elif", "if", "while", "until", "!", "{", "("]);
/** A segment that begins with one of these runs nothing. */
const NOTHING = new Set(["for", "done", "fi", "esac", "}", ")"]);

/** Programs that run the command behind them, with the letters of the options that take the next word. */
const WRAPPERS: Readonly<Record<string, string>> = {
  command: "",
  env: "uCS",
  exec: "a",
  ionice: "cnpP",
  nice: "n",
  nohup: "",
  setsid: "",
  stdbuf: "ioe",
  sudo: "ugphCDRTUrt",
  time: "fo",
  timeout: "ks",
};
const LONG_WITH_VALUE = /^--(?:adjustment|chdir|class|classdata|group|kill-after|signal|unset|user)$/;

/** A command's own words, without keywords, assignments and the programs that only wrap it; none where nothing is run. */
export function strip(words: readonly string[]): readonly string[] {
  if (NOTHING.has(words[0] ?? "")) return [];
  let rest = words;
  for (;;) {
    const [first = ""] = rest;
    if (KEYWORDS.has(first) || /^[A-Za-z_]\w*\+?=/.test(first)) rest = rest.slice(1);
    else if (Object.hasOwn(WRAPPERS, first)) rest = unwrapped(rest);
    else return rest;
  }
}

function unwrapped([wrapper = "", ...words]: readonly string[]): readonly string[] {
  const options = WRAPPERS[wrapper] ?? "";
  let at = 0;
  for (; words[at]?.startsWith("-"); at++) {
    const word = words[at] ?? "";
    // `command -v` only locates a program.
    if (wrapper === "command" && /^-[vV]/.test(word)) return [];
    if (word === "--") break;
    const letter = word.startsWith("--") ? -1 : [...word.slice(1)].findIndex((one) => options.includes(one));
    const takesNext = LONG_WITH_VALUE.test(word) || (letter >= 0 && letter === word.length - 2);
    if (takesNext) at++;
  }
  const isOver = words[at] === "--";
  return words.slice(at + (isOver ? 1 : 0) + (wrapper === "timeout" ? 1 : 0));
}
