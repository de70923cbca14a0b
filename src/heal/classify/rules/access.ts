import { rules } from "../rule.ts";

const DEEP = { deep: true } as const;

/** Time limits of a job, a step or a whole test run (one slow test is a failing test). */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const TIMEOUT = rules("timeout", [
  ["job-maximum", "actions", 0.98, "exceeded the maximum execution time", null, "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.", DEEP],
  ["step-timeout", "actions", 0.97, "The action '", /The action '.{1,200}' has timed out after \d+ minutes/, "The action 'Run tests' has timed out after 10 minutes.", DEEP],
  ["cancelled", "actions", 0.9, ["The operation was canceled", "The run was canceled by"], null, "The operation was canceled.", DEEP],
  ["cancelled-elsewhere", "ci", 0.86, ["ancel", "SIGINT", "interrupt signal"], /^\W{0,4}(?:\[[\w-]{1,30}\] )?(?:(?:Step|Job|Build|Run|Pipeline|Workflow|Task)(?: \S{1,60})? (?:was |has been )?cancell?ed\b|(?:# )?Received cancellation signal|Sending interrupt signal to process|(?:FATAL: )?received SIGINT\b|Aborted by )/, "Received cancellation signal, interrupting", DEEP],
  ["timeout-signal", "timeout", 0.96, "timeout: sending signal", null, "timeout: sending signal KILL to command ‘./integration.sh’", DEEP],
  ["go-test-timeout", "go test", 0.97, "panic: test timed out after", null, "panic: test timed out after 2s", DEEP],
  ["other-ci", "ci", 0.97, ["execution took longer than", "Too long with no output", "No output has been received in the last"], null, "ERROR: Job failed: execution took longer than 1h0m0s seconds", DEEP],
  ["wait-on", "wait-on", 0.92, "imed out waiting ", /[Tt]imed out waiting (?:for|\d)/, "Error: Timed out waiting for: http://localhost:3000"],
  ["pytest-timeout", "pytest", 0.85, "+++ Timeout +++", null, "+++++++++++++++++++++++ Timeout +++++++++++++++++++++++"],
  ["time-limit", "any", 0.82, ["time limit", "timed out", "timeout", "deadline"], /\b(?:job|step|build|command|process|task|execution|script|workflow|suite|run)\b.{0,60}\b(?:timed out|exceeded (?:the |its )?(?:time limit|timeout|deadline)|hit (?:the )?timeout)\b|\btime limit (?:exceeded|reached)\b|^(?:error: )?timed out after \d/, "Error: command timed out after 600 seconds", { ignoreCase: true }],
]);

/** Credentials, rights and file modes. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const PERMISSION = rules("permission", [
  ["resource-not-accessible", "github", 0.98, "Resource not accessible by ", null, "Error: Resource not accessible by integration"],
  ["git-denied", "git", 0.96, ["remote: Permission to ", "Permission denied (publickey", "could not read Username for", "could not read Password for", "Authentication failed for", "Host key verification failed", "Invalid username or password", "Invalid username or token", "Password authentication is not supported", "remote: Repository not found.", "refusing to allow "], null, "git@github.com: Permission denied (publickey)."],
  ["http-401-403", "any", 0.93, ["returned error: 40", "Forbidden", "Unauthorized", " 401", " 403"], /returned error: 40[13]\b|\b40[13]\b.{0,8}(?:Forbidden|Unauthorized)|(?:status|status code|HTTP)[^\w]{1,3}40[13]\b/, "fatal: unable to access 'https://github.com/acme/shop.git/': The requested URL returned error: 403"],
  ["protected-branch", "github", 0.96, ["GH006", "GH013", "protected branch hook declined", "Protected branch update failed", "Repository rule violations found"], null, "remote: error: GH006: Protected branch update failed for refs/heads/main."],
  ["exec-bit", "bash", 0.93, "Permission denied", /(?:: line \d+: |^(?:bash|sh|\/bin\/sh): (?:\d+: )?)\S{1,300}: Permission denied/, "/home/runner/a.sh: line 1: ./scripts/deploy.sh: Permission denied"],
  ["eacces", "any", 0.9, ["EACCES", "EPERM", "Operation not permitted"], /\b(?:EACCES: permission denied|EPERM: operation not permitted)|: Operation not permitted$/, "Error: EACCES: permission denied, mkdir '/usr/lib/x'"],
  ["npm-auth", "npm", 0.95, ["code E401", "code E403", "code ENEEDAUTH", "ERR_PNPM_FETCH_401", "ERR_PNPM_FETCH_403", "YN0033", "YN0041"], null, "npm error code E401"],
  ["docker-auth", "docker", 0.94, ["requested access to the resource is denied", "unauthorized: ", "no basic auth credentials", "Cannot perform an interactive login", "denied: permission_denied", "error getting credentials"], /requested access to the resource is denied|unauthorized: (?:authentication|incorrect|access)|no basic auth credentials|Cannot perform an interactive login|denied: permission_denied|error getting credentials/, "denied: requested access to the resource is denied"],
  ["cloud-auth", "cloud", 0.92, ["Unable to locate credentials", "AccessDenied", "Credentials could not be loaded", "UnauthorizedOperation", "is not authorized to perform", "InvalidClientTokenId", "ExpiredToken", "could not find default credentials", "AADSTS", "PERMISSION_DENIED", "Permission denied on resource", "invalid_grant", "Unable to get ACTIONS_ID_TOKEN", "Unable to get OIDC", "no valid credential sources", "NoCredentialProviders"], null, "Error: Credentials could not be loaded, please check your action inputs"],
  ["missing-secret", "any", 0.92, ["environment variable", "env var", "Input required and not supplied", "required env", "ecret "], /[Mm]issing (?:the )?(?:required )?(?:environment|env)(?: var(?:iable)?s?)?\b|[Rr]equired (?:environment|env) var(?:iable)?s? .{0,80}(?:is |are )?(?:not set|missing|unset)|(?:environment|env) var(?:iable)? \S{1,80} (?:is )?(?:not set|missing|required|must be set|not defined)|Input required and not supplied: |[Ss]ecret \S{1,80} (?:is )?(?:not set|missing|required|not found)/, "Error: Missing required environment variables: DATABASE_URL"],
  ["bad-credentials", "any", 0.93, ["Bad credentials", "Requires authentication", "uthentication required", "authentication is required", "nvalid API key", "nvalid api key", "ot authenticated", "not logged in", "nvalid token", "Unauthorized"], /Bad credentials|Requires authentication|[Aa]uthentication (?:is )?required|[Ii]nvalid (?:API|api) key|[Nn]ot authenticated|^(?:Error: )?.{0,40}not logged in|^.{0,60}[Ii]nvalid token\b(?! '|:)|^(?:Error: |npm error )?Unauthorized\b/, "HTTP 401: Bad credentials (https://api.github.com/graphql)"],
  ["permission-denied", "any", 0.84, ["permission denied", "access denied", "access is denied", "insufficient p", "insufficient s", "not authorized", "not permitted to", "not allowed to"], /\bpermission denied\b|\baccess (?:is )?denied\b|\binsufficient (?:permissions?|privileges|scopes?)\b|\bnot authorized\b|\bis not (?:permitted|allowed) to\b/, "mkdir: cannot create directory '/opt/x': Permission denied", { ignoreCase: true }],
]);

/** Git, or a patch, that could not be put together. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const MERGE_CONFLICT = rules("merge_conflict", [
  ["conflict", "git", 0.98, "CONFLICT (", /^CONFLICT \(/, "CONFLICT (content): Merge conflict in f.txt", DEEP],
  ["automatic-merge", "git", 0.98, ["Automatic merge failed", "fix conflicts and then commit"], null, "Automatic merge failed; fix conflicts and then commit the result."],
  ["could-not-apply", "git", 0.93, ["ould not apply "], /^(?:error: )?[Cc]ould not apply [0-9a-f]{7,40}/, "error: could not apply 12b9b68... b"],
  ["patch-apply", "git", 0.94, ["patch does not apply", "patch failed: ", "Hunk #"], /patch does not apply|patch failed: \S+:\d+|Hunk #\d+ FAILED/, "error: f.txt: patch does not apply"],
  ["push-rejected", "git", 0.94, ["[rejected]", "Updates were rejected because"], null, " ! [rejected]        HEAD -> main (fetch first)"],
  ["unmerged", "git", 0.95, ["you have unmerged files", "You have unmerged paths", "not possible because you have unmerged", "refusing to merge unrelated histories", "would be overwritten by merge", "Not possible to fast-forward"], null, "error: Merging is not possible because you have unmerged files."],
  ["conflict-marker", "any", 0.95, ["erge conflict marker", "onflict marker"], null, "src/a.ts(1,1): error TS1185: Merge conflict marker encountered."],
  ["merge-conflict", "any", 0.86, "merge conflict", /\bmerge conflicts?\b.{0,40}(?:in |found|detected|must|between)|\b(?:has|have|found|detected|due to) (?:\d+ )?(?:unresolved )?merge conflicts?/, "error: the branch has merge conflicts", { ignoreCase: true }],
]);
