import { at, checkRunState, listAt, numberAt, statusContextState, textAt, timeAt } from "../../../../src/github.ts";
import { type LookItem, oneLine, type Pattern } from "../../../../src/plugin.ts";
import { type Vendor, vendorOf } from "./on-github.ts";

/** One deploy-like thing that GitHub shows for a commit. */
export interface GitHubItem extends LookItem {
  readonly kind: "deployment" | "check" | "status";
  /** Number of the deployment. */
  readonly id: number | null;
  readonly environment: string | null;
  readonly creator: string | null;
  readonly vendor: Vendor | null;
  /** All texts that may hold the vendor's own id. */
  readonly hints: readonly string[];
  /** The state as GitHub spells it. */
  readonly raw: string;
  /** It was up, and another deploy has taken its place. */
  readonly replaced: boolean;
  /** The workflow run that deploys. */
  readonly run: number | null;
}

/**
 * `DeploymentStatusState`; `INACTIVE` is told apart by what was before it, null (no status yet) is queued. `WAITING` is any protection rule
 * of the environment: whether it asks a human is asked of the run that deploys.
 */
const DEPLOYMENT_STATES: Readonly<Record<string, LookItem["state"]>> = {
  QUEUED: "queued",
  PENDING: "queued",
  IN_PROGRESS: "running",
  SUCCESS: "succeeded",
  FAILURE: "failed",
  ERROR: "failed",
  WAITING: "queued",
};

/** A deployment of the commit. */
export function readDeployment(node: unknown): GitHubItem {
  const environment = textAt(node, "environment") ?? "deployment";
  const creator = textAt(node, "creator", "login");
  const latest = at(node, "latestStatus");
  const raw = textAt(latest, "state") ?? "";
  const earlier = listAt(node, "statuses", "nodes").map((status) => textAt(status, "state"));
  const vendor = vendorOf({ creator });
  const url = textAt(latest, "logUrl") ?? textAt(latest, "environmentUrl");
  const detail = textAt(latest, "description") ?? textAt(node, "description");
  const hints = [textAt(latest, "environmentUrl"), textAt(latest, "logUrl"), detail].filter((text) => text !== null);
  return {
    kind: "deployment",
    id: numberAt(node, "databaseId"),
    name: oneLine(environment, 100),
    environment,
    creator,
    vendor,
    raw,
    hints,
    state:
      raw === ""
        ? "queued"
        : adjusted(inactive(raw, environment, earlier) ?? DEPLOYMENT_STATES[raw] ?? "unknown", vendor, hints, detail),
    replaced: raw === "INACTIVE",
    run: runOf(url),
    ...common(url, detail, timeAt(node, "createdAt"), endOf(raw, latest)),
  };
}

/** A check run or commit status that a known vendor (or the policy's `items`) shows for its deploy; null for any other. */
export function readContext(node: unknown, wanted: readonly Pattern[]): GitHubItem | null {
  const isStatus = textAt(node, "__typename") === "StatusContext";
  const name = textAt(node, isStatus ? "context" : "name");
  if (name === null) return null;
  const vendor = vendorOf(
    isStatus ? { context: name } : { check: name, app: textAt(node, "checkSuite", "app", "slug") },
  );
  if (!vendor && !wanted.some((expression) => expression.test(name))) return null;
  return isStatus ? readStatus(node, name, vendor) : readCheck(node, name, vendor);
}

function readStatus(node: unknown, name: string, vendor: Vendor | null): GitHubItem {
  const raw = textAt(node, "state") ?? "";
  const [url, detail] = [textAt(node, "targetUrl"), textAt(node, "description")];
  const hints = [url, detail].filter((text) => text !== null);
  const state = adjusted(statusContextState(raw), vendor, hints, detail);
  return {
    kind: "status",
    ...nobody,
    name: oneLine(name, 100),
    vendor,
    raw,
    hints,
    state,
    ...common(url, detail, timeAt(node, "createdAt"), null),
  };
}

function readCheck(node: unknown, name: string, vendor: Vendor | null): GitHubItem {
  const conclusion = textAt(node, "conclusion");
  const raw = conclusion ?? textAt(node, "status") ?? "";
  const [url, detail] = [textAt(node, "detailsUrl"), textAt(node, "title")];
  const [startedAt, endedAt] = [timeAt(node, "startedAt"), timeAt(node, "completedAt")];
  const hints = [textAt(node, "externalId"), url, detail, textAt(node, "summary")].filter((text) => text !== null);
  const state = adjusted(checkRunState(textAt(node, "status"), conclusion), vendor, hints, detail);
  // An app that is connected to a deleted project fails at the moment it starts.
  const stillborn = state === "failed" && vendor !== null && startedAt !== null && startedAt === endedAt;
  return {
    kind: "check",
    ...nobody,
    name: oneLine(name, 100),
    vendor,
    raw,
    hints,
    state: stillborn ? "blocked" : state,
    ...common(
      url,
      stillborn ? "it failed in the moment it started: is the app still connected to a project?" : detail,
      startedAt,
      endedAt,
    ),
  };
}

const nobody = { id: null, environment: null, creator: null, replaced: false, run: null } as const;

/** GitHub Actions links each deployment with the job that makes it. */
function runOf(url: string | null): number | null {
  const [, run] = /\/actions\/runs\/(\d+)/.exec(url ?? "") ?? [];
  return run ? Number(run) : null;
}

/** The state of an inactive deployment: one that served and is no production's goes on serving at its own address. */
function inactive(
  raw: string,
  environment: string,
  earlier: readonly (string | null)[],
): LookItem["state"] | undefined {
  if (raw !== "INACTIVE") return undefined;
  return earlier.includes("SUCCESS") && !/prod/i.test(environment) ? "succeeded" : "skipped";
}

/**
 * Corrects states that mislead: a commit that the provider skipped, which may show success; and a failure not caused by the code,
 * because somebody cancelled it or a person must lift a limit.
 */
function adjusted(
  state: LookItem["state"],
  vendor: Vendor | null,
  hints: readonly string[],
  detail: string | null,
): LookItem["state"] {
  if (vendor?.skipped && detail && vendor.skipped.test(detail)) return "skipped";
  if (state !== "failed") return state;
  if (vendor?.blocked && hints.some((hint) => vendor.blocked?.test(hint))) return "blocked";
  return detail && /^(?:the )?(?:deployment |build )?(?:was |has been )?cancell?ed/i.test(detail) ? "cancelled" : state;
}

function common(url: string | null, detail: string | null, startedAt: number | null, endedAt: number | null) {
  return {
    ...(url ? { url: oneLine(url, 300) } : {}),
    ...(detail ? { detail: oneLine(detail, 200) } : {}),
    ...(startedAt === null ? {} : { startedAt }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}

function endOf(raw: string, latest: unknown): number | null {
  return ["SUCCESS", "FAILURE", "ERROR", "INACTIVE"].includes(raw) ? timeAt(latest, "createdAt") : null;
}
