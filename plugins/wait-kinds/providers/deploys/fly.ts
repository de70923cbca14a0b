import { defineProvider } from "../../../../src/provider.ts";

const releases = { run: ["fly", "releases", "--json", "--app", "{app}"] };

/** Fly.io, through its own program: a release has no commit, so its image's tag must hold it, or the release is named (`v12`). */
export default defineProvider({
  name: "fly",
  title: "Fly.io",
  waits: "deploy",
  checked: "source of the vendor's CLI only; the tests stand in for its program",
  env: ["FLY_API_TOKEN", "FLY_ACCESS_TOKEN"],
  params: {
    app: {
      description: "app name",
      env: "FLY_APP",
      files: [{ file: "fly.toml", match: "^\\s*app\\s*=\\s*[\"']([^\"']+)[\"']" }],
    },
  },
  detect: { files: ["fly.toml"], branches: "default" },
  refs: ["v(?<id>\\d+)"],
  find: {
    request: releases,
    items: "",
    id: "/Version",
    commit: ["/ImageRef"],
    commitInText: true,
    created: "/CreatedAt",
    whole: true,
  },
  request: releases,
  label: "v{id}",
  state: "/Status",
  states: {
    waiting: ["pending"],
    running: ["running"],
    succeeded: ["complete"],
    failed: ["failed", "interrupted"],
  },
  reason: ["/Metadata/post_deployment_info/error", "/Description"],
  startedAt: "/CreatedAt",
  evidence: { lines: "/Metadata/post_deployment_info/error" },
});
