import { defineProvider } from "../../../../src/provider.ts";

/** Whether a crate's version is listed. */
export default defineProvider({
  name: "crates",
  title: "crates.io",
  waits: "index-sync",
  checked: "the vendor's documents only",
  base: { url: "https://crates.io", env: "CRATES_URL" },
  headers: { "user-agent": "p9 (https://github.com/broomva/p9)" },
  refs: ["(?<crate>[A-Za-z][A-Za-z0-9_-]*)@(?<version>\\d[^@\\s]*)"],
  label: "{crate}@{version}",
  request: { path: "/api/v1/crates/{crate}/{version}" },
  rules: [
    { when: [{ at: "/version/yanked", is: ["true"] }], is: "failed", reason: "it was yanked" },
    { when: [{ at: "/version/num", is: ["{version}"] }], is: "succeeded", reason: "the registry serves it" },
  ],
});
