import { defineWaitKind, type OptionSpecs } from "../../src/plugin.ts";
import { interpret } from "../../src/provider.ts";
import { DEPLOYS } from "./deploy/choose.ts";
import { look } from "./deploy/look.ts";
import { pin } from "./deploy/pin.ts";
import workersBuilds from "./providers/deploys/workers-builds.ts";
import { entrySubjects } from "./providers/entries.ts";
import { hintedProviders } from "./providers/hinted.ts";

const options: OptionSpecs = {
  provider: {
    type: "string",
    description: "who deploys; default: the policy, else what GitHub shows, else what the files here say",
    value: "name",
  },
  environment: { type: "string", description: "only this environment (production, preview, …)", value: "name" },
  url: { type: "string", description: "wait until this URL serves the commit", value: "url" },
  image: { type: "string", description: "Kubernetes: the image (or its tag) that is to be rolled out", value: "image" },
  namespace: { type: "string", description: "Kubernetes: namespace of the workload", value: "name" },
  context: { type: "string", description: "Kubernetes: context of the kubeconfig", value: "name" },
  param: { type: "strings", description: "a value that the provider needs", value: "name=value" },
};

const variables = [...hintedProviders, workersBuilds].flatMap((provider) => interpret(provider).env);

/** A deploy, from the push until it serves. */
export default defineWaitKind({
  name: "deploy",
  summary: "a deploy: of a commit, branch or tag (default: HEAD), by its id or URL, or of deployment/web",
  options,
  env: [...new Set([...variables, "GH_TOKEN", "GITHUB_TOKEN", "KUBECONFIG"])],
  deadlineS: 3600,
  interval: { firstS: 5, maxS: 30 },
  // Long enough for several requests with their own limits, and log lines in the last look.
  lookTimeoutS: 120,
  pin,
  look,
  runs: (context) => entrySubjects(context, DEPLOYS),
});
