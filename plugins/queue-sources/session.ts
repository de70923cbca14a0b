import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineQueueSource, type FoundItem, isObject, readSmallFile, UnavailableError } from "../../src/plugin.ts";
import { clientFolder } from "./client/folder.ts";

/** A task as Claude Code keeps it, one file each: `<config>/tasks/<list>/<n>.json`. Its form is not documented: read with care. */
interface Task {
  readonly id: string;
  readonly subject: string;
  readonly description: string;
  readonly status: string;
  readonly blockedBy: readonly string[];
  readonly owner: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Tasks of this session that are marked as fit for a wait: metadata `wait_ok: true`, pending, nothing before them open. */
export default defineQueueSource({
  name: "session",
  summary: "Tasks of this session that are marked wait_ok",
  discover: async ({ env, sessions, limit }) => {
    const root = join(clientFolder(env), "tasks");
    const lists = env.CLAUDE_CODE_TASK_LIST_ID ? [env.CLAUDE_CODE_TASK_LIST_ID] : sessions;
    const folders = lists.map((list) => ({ list, tasks: readTasks(join(root, fileName(list))) }));
    if (folders.every(({ tasks }) => tasks === null)) {
      throw new UnavailableError(`no task list of this session in "${root}"`, {
        absent: !env.CLAUDE_CODE_TASK_LIST_ID,
      });
    }
    return folders.flatMap(({ list, tasks }) => offered(list, tasks ?? [])).slice(0, limit);
  },
});

function offered(list: string, tasks: readonly Task[]): readonly FoundItem[] {
  const open = new Set(tasks.filter(({ status }) => status !== "completed").map(({ id }) => id));
  return tasks
    .filter(
      (task) => waitOk(task) && task.status === "pending" && !task.owner && !task.blockedBy.some((id) => open.has(id)),
    )
    .map((task) => asItem(list, task));
}

function waitOk({ metadata }: Task): boolean {
  const marks = [metadata.wait_ok, isObject(metadata.p9) ? metadata.p9.wait_ok : undefined];
  return marks.some((mark) => mark === true || mark === "true");
}

function asItem(list: string, task: Task): FoundItem {
  const own = isObject(task.metadata.p9) ? { ...task.metadata, ...task.metadata.p9 } : task.metadata;
  const minutes = Number(own.minutes ?? own.estimate_minutes);
  const files = Array.isArray(own.files) ? own.files.filter((file) => typeof file === "string") : [];
  const details = task.description && task.description !== task.subject ? `\n${task.description}` : "";
  return {
    item: `${task.subject}${details}`,
    // The key has a hash of the text, because a changed task is other work, and ids are reused when a list is emptied.
    key: `${list}/${task.id}/${createHash("sha256").update(`${task.subject}\n${task.description}`).digest("hex").slice(0, 12)}`,
    why: `task ${task.id}, marked wait_ok`,
    ...(minutes > 0 && Number.isFinite(minutes) ? { minutes } : {}),
    ...(files.length > 0 ? { files } : {}),
  };
}

/** The tasks of a list in the order of their numbers, or null when there is no such list. */
function readTasks(folder: string): readonly Task[] | null {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  const files = names.filter((name) => /^[^.].*\.json$/.test(name));
  return files
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    .flatMap((name) => readTask(join(folder, name), name.slice(0, -".json".length)) ?? []);
}

/** A task, or null for a file that is none: half written, of another form. */
function readTask(path: string, name: string): Task | null {
  let file: unknown;
  try {
    file = JSON.parse(readSmallFile(path, 16 * 1024 * 1024));
  } catch {
    return null;
  }
  if (!isObject(file) || typeof file.subject !== "string" || !file.subject.trim()) return null;
  return {
    id: typeof file.id === "string" || typeof file.id === "number" ? String(file.id) : name,
    subject: file.subject.trim(),
    description: typeof file.description === "string" ? file.description.trim() : "",
    status: typeof file.status === "string" ? file.status : "",
    blockedBy: Array.isArray(file.blockedBy) ? file.blockedBy.map(String) : [],
    owner: typeof file.owner === "string" && file.owner ? file.owner : null,
    metadata: isObject(file.metadata) ? file.metadata : {},
  };
}

/** The client's own spelling of a list's id as a folder; it also keeps an id from leaving the folder. */
function fileName(list: string): string {
  return list.replace(/[^a-zA-Z0-9_-]/g, "-");
}
