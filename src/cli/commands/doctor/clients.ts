import { errorText } from "../../../core/errors.ts";
import { foundClients, wiredFiles } from "../../../init/clients.ts";
import { readText } from "../../../init/files.ts";
import { commandsIn } from "../../../init/give-back.ts";
import type { ClientSetup, Whose } from "../../../init/harnesses/client.ts";
import { SETUPS } from "../../../init/harnesses/registry.ts";
import { workTreeOf } from "../../../process/git.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";
import { goneScript } from "./scripts.ts";

/** Says of each client that is found, but Claude Code, whether p9's hooks are in it, and what keeps it from running them. */
export const clients: Check = {
  name: "clients",
  async run({ env, place: cwd, exec }) {
    const root = (await workTreeOf({ exec, env, cwd })) ?? cwd;
    const found = foundClients(env).flatMap((name) => (name === "claude" ? [] : [SETUPS[name]]));
    return found.map((setup) => finding(setup, { env, cwd, root }));
  },
};

interface Place {
  readonly env: Whose["env"];
  readonly cwd: string;
  readonly root: string;
}

function finding(setup: ClientSetup, place: Place): Finding {
  try {
    return examined(setup, place);
  } catch (error) {
    return warned(setup.name, errorText(error), "mend it by hand");
  }
}

function examined(setup: ClientSetup, { env, cwd, root }: Place): Finding {
  const { name, title } = setup;
  const scopes = [
    { whose: { env, project: null }, command: `p9 init --harness ${name}` },
    { whose: { env, project: root }, command: `p9 init --project --harness ${name}` },
  ];
  const set = scopes
    .map((scope) => ({ ...scope, ...wiredFiles(setup, scope.whose) }))
    .filter(({ wired }) => wired.length > 0);
  const beside = setup.beside?.(env) ?? null;
  const [first] = set;
  if (first === undefined)
    return beside === null
      ? warned(name, `${title} is here, without hooks of p9`, `p9 init --harness ${name}`)
      : well(name, `by ${beside}`);
  for (const { wired, missing, command } of set) {
    const gone = goneScript(wired.flatMap((path) => commandsIn(readText(path) ?? "")));
    if (gone !== undefined) return ill(name, `"${wired[0]}" names "${gone}", which is not there`, command);
    if (missing.length > 0) return warned(name, `"${missing[0]}" does not hold what p9 puts there`, command);
  }
  const where = `in ${set.flatMap(({ wired }) => wired.slice(0, 1)).join(" and ")}${beside === null ? "" : `; also ${beside}`}`;
  for (const { whose } of set) {
    const hindrance = setup.hindrance?.(whose, cwd) ?? null;
    if (hindrance !== null) return warned(name, `${where}; ${hindrance.why}`, hindrance.mend);
  }
  return well(name, where);
}
