import { REPO } from "../../support/place.ts";

/** p9's hooks of a client in the nesting that most took over from Claude Code, by this build. `seconds`: the limit of each. */
export function hookGroups(harness: string, events: readonly string[], seconds: (event: string) => number): object {
  const group = (event: string) => {
    const command = `"${REPO}/hooks/harness.sh" ${event} --harness ${harness}`;
    return [{ hooks: [{ type: "command", command, timeout: seconds(event) }] }];
  };
  return Object.fromEntries(events.map((event) => [event, group(event)]));
}
