import { appveyorVendor } from "./appveyor.ts";
import { azureVendor } from "./azure-pipelines.ts";
import { bitriseVendor } from "./bitrise.ts";
import { buildkiteVendor } from "./buildkite.ts";
import { circleciVendor } from "./circleci.ts";
import { droneVendor } from "./drone.ts";
import { gitlabVendor } from "./gitlab.ts";
import { jenkinsVendor } from "./jenkins.ts";
import { prowVendor } from "./prow.ts";
import { teamcityVendor } from "./teamcity.ts";
import { travisVendor } from "./travis.ts";
import type { CiVendor } from "./vendor.ts";
import { woodpeckerVendor } from "./woodpecker.ts";
import { zuulVendor } from "./zuul.ts";

/** Every CI service that logs are read of, in the order of the registry. */
export const CI_VENDORS: readonly CiVendor[] = [
  circleciVendor,
  buildkiteVendor,
  azureVendor,
  gitlabVendor,
  jenkinsVendor,
  travisVendor,
  appveyorVendor,
  bitriseVendor,
  teamcityVendor,
  droneVendor,
  woodpeckerVendor,
  prowVendor,
  zuulVendor,
];
