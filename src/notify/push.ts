import { randomUUID } from "node:crypto";
import { timestamp } from "../base/clock.ts";
import { redact, secretValues } from "../base/redact.ts";
import { oneLine, stripControls } from "../base/text.ts";
import type { Notice } from "../contract/notifier.ts";
import { errorText, StateError } from "../core/errors.ts";
import { makeDir } from "../store/files.ts";
import { appendRows } from "../store/jsonl.ts";
import { paths } from "../store/paths.ts";
import type { Channel } from "./channels.ts";
import { type DeliverDeps, deliverOnce } from "./deliver.ts";
import { channelsFor } from "./foreground.ts";
import { type DeliveryAttempt, type NotifyRow, rowOf } from "./journal.ts";
import type { DatedNotice } from "./notice.ts";
import { channelsIn, isEscalation } from "./sources.ts";

/** Seconds between the attempts of somebody who waits for the result. */
const PAUSES_S = [1, 3];

/**
 * Tells every channel now, whatever its filter lets through, and waits for the results: `p9 notify`, the test of the channels. Those of
 * the foreground hear of it only where somebody waits. One line in `notify.jsonl` holds them all.
 *
 * @throws {StateError} when that line cannot be kept.
 */
export async function pushNow(
  what: Pick<Notice, "title" | "body" | "kind" | "severity" | "url">,
  deps: DeliverDeps & { readonly isForeground: boolean },
): Promise<NotifyRow> {
  const ts = timestamp(deps.clock.now());
  const known = secretValues(deps.env);
  const notice: DatedNotice = {
    ...what,
    id: randomUUID(),
    title: oneLine(redact(what.title, known), 250),
    body: stripControls(redact(what.body, known)).slice(0, 20_000),
    payload: { manual: true },
    ts,
    wait_id: null,
    cwd: deps.cwd,
    about: { wait_kind: null, repo: null, took_s: null },
  };
  const { channels, problems, hook } = await channelsIn({ home: deps.home, env: deps.env, cwd: deps.cwd });
  const usable = deps.isForeground ? channels : await channelsFor("background", channels, deps);
  const all = hook && isEscalation(notice) ? [...usable, hook] : usable;
  const results = await Promise.all(all.map((channel) => attempts(channel, notice, deps)));
  const broken: DeliveryAttempt[] = problems.map(({ channel, error }) => ({ channel, ok: false, error, final: true }));
  const row = { ...rowOf(notice, ts, [...broken, ...results]), closed: true };
  try {
    makeDir(deps.home);
    appendRows(paths(deps.home).notify, [row]);
  } catch (error) {
    throw new StateError(`Cannot write "${paths(deps.home).notify}": ${errorText(error)}`, [row], { cause: error });
  }
  return row;
}

async function attempts(channel: Channel, notice: DatedNotice, deps: DeliverDeps): Promise<DeliveryAttempt> {
  for (let attempt = 1; ; attempt++) {
    const { delivery } = await deliverOnce(channel, notice, attempt, deps);
    const pause = PAUSES_S[attempt - 1];
    if (delivery.ok || delivery.final || pause === undefined) return delivery;
    await deps.clock.sleep(pause * 1000);
  }
}
