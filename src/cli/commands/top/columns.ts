import { inCells, type Line, type Tone } from "./cells.ts";

/** One cell of a row. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** Fixed width in cells. */
  readonly width?: number;
  /** Share of the width that is left. */
  readonly grow?: number;
  /** Least width of one that grows: without it the cell is left out. */
  readonly least?: number;
  /** The row must be so wide for the cell to be there. */
  readonly from?: number;
}

const GAP = 2;

/** The cells side by side in `width`: those that there is room for. */
export function fitted(width: number, all: readonly Cell[]): Line {
  const cells = all.filter(({ from = 0 }) => width >= from);
  const fixed = cells.reduce((sum, cell) => sum + (cell.width ?? 0), 0) + GAP * (cells.length - 1);
  const shares = cells.reduce((sum, { grow = 0 }) => sum + grow, 0);
  const free = Math.max(0, width - fixed);
  return cells.flatMap((cell, at) => {
    const cellWidth = cell.width ?? Math.max(cell.least ?? 1, Math.floor((free * (cell.grow ?? 1)) / shares));
    const text = inCells(cell.text, cellWidth) + (at < cells.length - 1 ? " ".repeat(GAP) : "");
    return cell.tone === undefined ? [{ text }] : [{ text, tone: cell.tone }];
  });
}
