import { defineProvider } from "../../../../src/provider.ts";

/** Whether a version can be installed from the registry that npm is configured with for this package. */
export default defineProvider({
  name: "npm",
  title: "npm",
  waits: "index-sync",
  checked: "the real npm against a registry on loopback",
  refs: ["(?<package>(?:@[^/@\\s]+/)?[^/@\\s-][^/@\\s]*)@(?<version>\\d[^@\\s]*)"],
  label: "{package}@{version}",
  request: {
    run: ["npm", "view", "--json", "--prefer-online", "--no-update-notifier", "--", "{package}@{version}", "version"],
    absent: "\\bE404\\b|\\bETARGET\\b",
  },
  rules: [{ when: [{ at: "", is: ["{version}"] }], is: "succeeded", reason: "the registry serves it" }],
  otherwise: "waiting",
});
