import { join } from "node:path";
import { expect } from "vitest";
import { PushLab, type PushScenario } from "../../../hooks/pushes/push-scenarios.ts";
import { bash } from "./model.ts";
import { PLUGIN, type World } from "./world.ts";

/** Plays scenarios as tool calls of one session; gives what each call told the model. */
export async function play(world: World, scenarios: readonly PushScenario[]) {
  world.policy();
  const forge = join(world.root, "octo");
  const labs = scenarios.map((scenario, index) => {
    const lab = new PushLab(join(world.root, `lab-${index}`), { home: world.home, forge, name: `app-${index}` });
    scenario.prepare?.(lab);
    const command = typeof scenario.command === "string" ? scenario.command : scenario.command(lab);
    world.model.script(bash(`cd ${lab.work}`), bash(command));
    return lab;
  });
  const events = await world.headless("push everything", { args: [...PLUGIN, "--add-dir", world.root] });
  expect(events.at(-1)).toMatchObject({ subtype: "success" });
  const rows = world.events().filter((event) => event.type === "transition" && event.from_state === null);
  return labs.map((lab, index) => {
    const news = world.model.requests[2 * index + 2]?.news ?? "";
    const registered = rows.filter((row) => row.repo === lab.repo || news.includes(`(${row.repo})`));
    return { lab, news, registered: registered.map((row) => `${row.repo} ${row.ref}`), session: rows[0]?.session_id };
  });
}

/** A scenario's name, for messages. */
export const named = (scenarios: readonly PushScenario[], index: number) => scenarios[index]?.name ?? "";
