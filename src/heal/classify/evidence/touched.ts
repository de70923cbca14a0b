/** Whether a file, as a log names it, is one that the pull request touches. */
export type IsTouched = (file: string) => boolean;

/** A name of a file in a line: at least a base name with an ending. */
const NAMES = /(?:[A-Za-z]:)?[\w@.+~$()[\]/\\-]{1,400}\.[A-Za-z]\w{0,11}/g;

/**
 * Whether a file is among `files` (paths from the root of the repository). A log may write it from the root of the machine, or from
 * the folder in which the tool ran: one path then ends as the other does, from a slash on.
 */
export function touchedBy(files: readonly string[]): IsTouched {
  const whole = new Set(files);
  const byName = new Map<string, string[]>();
  for (const file of files) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return (file) => {
    const path = file.replaceAll("\\", "/").replace(/^(?:\.{1,2}\/)+/, "");
    if (whole.has(path)) return true;
    const alike = byName.get(path.slice(path.lastIndexOf("/") + 1)) ?? [];
    return alike.some((one) => one.endsWith(`/${path}`) || path.endsWith(`/${one}`));
  };
}

/** The first of these lines that names a touched file. */
export function namesTouched(
  lines: readonly number[],
  texts: readonly string[],
  isTouched: IsTouched,
): number | undefined {
  return lines.find((at) => texts[at]!.match(NAMES)?.some((name) => isTouched(name.replace(/^[([]+/, ""))) === true);
}
