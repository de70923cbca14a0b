import { fitLine, type Line, type Tone } from "./cells.ts";

/** One picture of the whole screen. */
export interface Frame {
  readonly lines: readonly Line[];
  /** Line that is shown as selected, or null. */
  readonly selected: number | null;
}

const CSI = "\u001b[";
const SGR: Readonly<Record<Tone, string>> = {
  plain: "",
  dim: `${CSI}2m`,
  strong: `${CSI}1m`,
  good: `${CSI}32m`,
  bad: `${CSI}31m`,
  warn: `${CSI}33m`,
};
const PLAIN = `${CSI}0m`;
const INVERSE = `${CSI}7m`;
/** The terminal shows what stands between them at once, where it can. */
const TOGETHER = [`${CSI}?2026h`, `${CSI}?2026l`] as const;

/** Draws frames: only the lines that changed since the last one are written. */
export class Painter {
  readonly #write: (text: string) => void;
  readonly #color: boolean;
  #shown: readonly string[] = [];

  constructor(write: (text: string) => void, color: boolean) {
    this.#write = write;
    this.#color = color;
  }

  /** Forgets what is on the screen: the next frame is drawn whole. */
  forget(): void {
    this.#shown = [];
  }

  paint({ lines, selected }: Frame, columns: number): void {
    const texts = lines.map((line, at) => this.#text(line, columns, at === selected));
    const changed = texts.flatMap((text, at) => (text === this.#shown[at] ? [] : [`${CSI}${at + 1};1H${CSI}K${text}`]));
    const before = this.#shown.length === 0 ? `${PLAIN}${CSI}2J` : "";
    this.#shown = texts;
    if (before !== "" || changed.length > 0) this.#write(TOGETHER[0] + before + changed.join("") + TOGETHER[1]);
  }

  #text(line: Line, columns: number, selected: boolean): string {
    const spans = fitLine(line, columns);
    if (!this.#color) return spans.map(({ text }) => text).join("");
    if (selected) return `${INVERSE}${spans.map(({ text }) => text).join("")}${PLAIN}`;
    return spans.map(({ text, tone = "plain" }) => (tone === "plain" ? text : `${SGR[tone]}${text}${PLAIN}`)).join("");
  }
}
