import { confinement } from "../../../heal/confine/confinement.ts";
import { type Check, well } from "./check.ts";

/** Names how heal commands are confined here, or why they are not. */
export const confined: Check = {
  name: "confine",
  async run({ exec, env }) {
    return [well("confine", (await confinement({ exec, env })).words)];
  },
};
