import { confinement } from "../../../heal/confine/confinement.ts";
import { type Check, warned, well } from "./check.ts";

/** Names how heal commands are confined here, or why they are not. */
export const confined: Check = {
  name: "confine",
  async run({ exec, env }) {
    const { name, words } = await confinement({ exec, env });
    return [name === null ? warned("confine", words) : well("confine", words)];
  },
};
