import { createHash } from "node:crypto";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { makeDir, replaceFile } from "../store/files.ts";
import { type FileChange, missingFolders, readText } from "./files.ts";

/** What p9 remembers of a file outside its state directory that it wrote. */
interface Written {
  /** The file's text before p9 first changed it; null: there was none. */
  readonly before: string | null;
  /** SHA-256 of what p9 wrote: a file with another text was changed by somebody since. */
  readonly sha256: string;
  /** The folder that the file must lie in, see {@link FileChange}. */
  readonly within?: string;
  /** The folders that p9 made for it, the deepest first. */
  readonly folders?: readonly string[];
}

type Table = Readonly<Record<string, Written>>;

/** The files outside its state directory that p9 has written, by path, and how to give them back. */
export class WrittenFiles {
  readonly #home: string;
  #table: Table;

  constructor(home: string) {
    this.#home = home;
    this.#table = readTable(fileIn(home));
  }

  /** Their paths. */
  get paths(): readonly string[] {
    return Object.keys(this.#table);
  }

  /** The text that a file had before p9 wrote it (null: there was no file), while nobody else has changed it since; else undefined. */
  before(path: string): string | null | undefined {
    const entry = this.#table[path];
    const text = readText(path);
    return entry && text !== null && hash(text) === entry.sha256 ? entry.before : undefined;
  }

  /** The folder that a file must lie in, for a change of it, and the folders that go with it. */
  place(path: string): Pick<FileChange, "within" | "folders"> {
    const { within, folders } = this.#table[path] ?? {};
    return { ...(within === undefined ? {} : { within }), ...(folders === undefined ? {} : { folders }) };
  }

  /** Whether p9 remembers a file. */
  has(path: string): boolean {
    return this.#table[path] !== undefined;
  }

  /**
   * Remembers changes that are about to be written. `without`: what p9 takes for the text before when somebody has changed the file
   * since p9 last wrote it; null: nothing, as all of it is p9's.
   */
  remember(changes: readonly FileChange[], without: (path: string, text: string) => string | null): void {
    const table = { ...this.#table };
    for (const { path, text, done, within } of changes) {
      if (done.length === 0 || text === null) continue;
      const now = readText(path);
      const known = this.before(path);
      const before = known !== undefined ? known : now === null ? null : without(path, now);
      const made = this.#table[path]?.folders ?? missingFolders(path);
      const folders = made.length > 0 ? { folders: made } : {};
      table[path] = { before, sha256: hash(text), ...(within === undefined ? {} : { within }), ...folders };
    }
    this.#write(table);
  }

  /** Forgets files that were given back. */
  forget(gone: readonly string[]): void {
    this.#write(Object.fromEntries(Object.entries(this.#table).filter(([path]) => !gone.includes(path))));
  }

  #write(table: Table): void {
    if (JSON.stringify(table) === JSON.stringify(this.#table)) return;
    this.#table = table;
    makeDir(this.#home);
    replaceFile(fileIn(this.#home), `${JSON.stringify({ version: 1, files: table }, null, 2)}\n`);
  }
}

const fileIn = (home: string) => join(home, "written.json");

function readTable(path: string): Table {
  try {
    const value: unknown = JSON.parse(readText(path) ?? "{}");
    if (!isObject(value) || !isObject(value.files)) return {};
    return Object.fromEntries(
      Object.entries(value.files).flatMap(([name, entry]) => (isWritten(entry) ? [[name, entry]] : [])),
    );
  } catch {
    // Without it, p9 takes out what it finds of its own.
    return {};
  }
}

function isWritten(entry: unknown): entry is Written {
  return (
    isObject(entry) &&
    typeof entry.sha256 === "string" &&
    (entry.before === null || typeof entry.before === "string") &&
    (entry.within === undefined || typeof entry.within === "string") &&
    (entry.folders === undefined ||
      (Array.isArray(entry.folders) && entry.folders.every((one) => typeof one === "string")))
  );
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
