/** A fenced block of a page: its language, the file it is (`js todo.mjs`), and its text. */
export interface Block {
  readonly language: string;
  readonly file: string | null;
  readonly text: string;
}

/** One command of a `console` block and what it must print: `…` stands for anything, on a line of its own for any lines. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The fenced blocks of a Markdown page, in their order. */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language = "", file, text = ""]) => ({
    language,
    file: file ?? null,
    text,
  }));
}

/** The commands of a `console` block. */
export function commandsOf(text: string): readonly Shown[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...lines] = part.split("\n");
      return { command, output: lines.join("\n").trim() };
    });
}

/** What `output` must match. */
export function patternOf(output: string): RegExp {
  const escaped = output.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/^…$/gm, "[\\s\\S]*").replaceAll("…", ".*")}$`);
}
