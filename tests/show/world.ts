import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timestamp } from "../../src/base/clock.ts";
import type { NewEvent, Transition } from "../../src/core/events.ts";
import { SituationReader } from "../../src/show/situation.ts";
import { Store } from "../../src/store/store.ts";
import type { LookRecord } from "../../src/watch/engine/look-file.ts";
import { writeLook } from "../../src/watch/engine/look-file.ts";
import { atTestEnd } from "../helpers/test-end.ts";
import { row } from "../stats/sample.ts";
import { FakeClock, fakeProcesses } from "../watch/world.ts";

/** A state directory on a clock of its own, and what is shown of it. */
export function showWorld() {
  const home = join(mkdtempSync(join(tmpdir(), "p9-show-")), "state");
  atTestEnd(() => rmSync(join(home, ".."), { recursive: true, force: true }));
  const clock = new FakeClock();
  const processes = fakeProcesses();
  const store = Store.open(home, { clock });
  const self = processes.self();
  const owner = { pid: self.pid, pid_start: self.pid_start, boot_id: self.boot_id, generation: 1 };
  const write = (...events: NewEvent[]) => store.commit(() => events);
  const at = (more: Partial<Transition>) => ({ ...more, extra: { ...owner, ...more.extra } });
  return {
    home,
    clock,
    processes,
    store,
    write,
    reader: () => new SituationReader({ store: Store.open(home, { clock }), clock, env: {}, processes }),
    /** Registers a wait and watches it. */
    watched: (id: string, more: Partial<Transition> = {}) =>
      write(row(id, clock.now(), null, "PUSHED", at(more)), row(id, clock.now(), "PUSHED", "WATCHING", at(more))),
    ended: (id: string, to: Transition["to_state"], more: Partial<Transition> = {}) =>
      write(row(id, clock.now(), "WATCHING", to, at(more))),
    looked: (id: string, more: Partial<LookRecord>) =>
      writeLook(store.paths.looks, {
        wait_id: id,
        cycle_at: store.read().waits.get(id)?.cycle_at ?? "",
        last_look: timestamp(clock.now()),
        looks: 1,
        status: "pending",
        reason: "",
        progress: null,
        expected_at: null,
        items: [],
        errors: 0,
        error: null,
        active_used: 0,
        graces: {},
        memory: {},
        progressed_at: null,
        ...more,
      }),
  };
}
