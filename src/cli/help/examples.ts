/** A command line, and what it is for. */
export type Example = readonly [command: string, what: string];

/** EXAMPLES of every command where a person would want one, by command. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  watch: [
    ["p9 watch", "the pull request of this branch, until it is green or red"],
    ["p9 watch 42 --background", "pull request 42; the session hears of its end"],
    ["p9 watch build -- npm test", "run the tests, and keep their result"],
    ["p9 watch deploy", "the deployment of this commit, asked of the service that makes it"],
    ["p9 watch http https://example.com/health --timeout 10m", "a URL until it answers as wanted"],
  ],
  "watch review": [
    ["p9 watch review 42", "until every reviewer has settled on the head of pull request 42"],
    ["p9 watch review --background", "that of this branch; the session hears of threads and refusals"],
    ["p9 watch review 42 --timeout 20m", "wait no longer; exit 12 when it is over"],
  ],
  attach: [["p9 attach 42", "follow what already watches pull request 42"]],
  "wait-for": [
    ["p9 wait-for db --cmd 'pg_isready -h localhost' --timeout 2m", "until the database answers"],
    ["p9 wait-for job --cmd ./job-state --fail-codes 2", "where 2 means that it failed"],
  ],
  mcp: [["p9 mcp", "what a client starts; references/mcp.md says where its settings name it"]],
  board: [["p9 board --open", "the same as a page in the browser"]],
  top: [["p9 top", "what is in flight, live"]],
  status: [
    ["p9 status", "what is in flight"],
    ["p9 status --json pr,to_state,eta_s", "for a program, with these fields only"],
  ],
  threads: [
    ["p9 threads 42", "what is open on pull request 42, with the ids"],
    ["p9 threads reply PRRT_kwDOA1 --body 'Done in 1f3c2ab'", "answered once, and resolved when its fix is pushed"],
    ["p9 threads resolve PRRT_kwDOA1", "nothing is left to say"],
  ],
  "threads list": [
    ["p9 threads 42", "the open threads of pull request 42"],
    ["p9 threads --json id,path,line,comments", "for a program, with these fields only"],
  ],
  "threads reply": [
    ["p9 threads reply PRRT_kwDOA1 --body 'Done in 1f3c2ab'", "answered once, and resolved when its fix is pushed"],
  ],
  "threads resolve": [["p9 threads resolve PRRT_kwDOA1", "nothing is left to say"]],
  dismiss: [["p9 dismiss 42", "its red row has been seen"]],
  report: [
    ["p9 report --pr 42", "how the watches of one pull request ended"],
    ["p9 report --json --jq '.reports[] | [.state, .ref] | @tsv'", "one line each"],
  ],
  "events tail": [
    ["p9 events tail --since 1h", "the last hour"],
    ["p9 events tail --follow --type 'wait.*'", "what happens to waits, as it happens"],
  ],
  "wait-queue push": [
    ["p9 wait-queue push --item 'Document the retry option'", "for this session"],
    ["p9 wait-queue push --item 'Release notes' --after 42", "only once pull request 42 has ended"],
  ],
  "wait-queue pop": [["p9 wait-queue pop --json --jq .item", "only what is to be done"]],
  "wait-queue list": [["p9 wait-queue list --discover", "what every source offers, too"]],
  "wait-queue done": [["p9 wait-queue done q-3f9a51c204", "it is not offered again"]],
  stats: [
    ["p9 stats --since 7d", "the last week"],
    ["p9 stats --html waited.html", "with a timeline to look at"],
  ],
  heal: [
    ["p9 heal 42", "what failed; changes nothing"],
    ["p9 heal 42 --apply --dry-run", "what a repair would do"],
    ["p9 heal 42 --apply", "repair it once, push, and watch again"],
    ["p9 heal --log-file build.log", "classify a log, without GitHub"],
  ],
  logs: [
    ["p9 logs 42", "the steps that failed"],
    ["p9 logs 42 --job test --all", "the whole log of one job, also of one that passed"],
    ["p9 logs https://github.com/o/r/actions/runs/7", "what failed in a run; also of another CI, by its page"],
    ["p9 logs 42 --json --jq '.jobs[].lines[]'", "only the lines"],
  ],
  open: [
    ["p9 open 42", "the job that failed first"],
    ["p9 open 42 --print", "only its address"],
  ],
  "escalations list": [["p9 escalations", "what waits for a person"]],
  "escalations ack": [["p9 escalations ack e0c1d2f3a4 --ticket BRO-12", "somebody has it"]],
  trust: [
    ["p9 trust", "read what this repository would run, and answer"],
    ["p9 trust --revoke", "take all of it back"],
  ],
  "merge-status": [["p9 merge-status 42 && gh pr merge 42", "merge only what may be merged"]],
  "merge-ready": [["p9 merge-ready 42", "a mark for the commit that was watched"]],
  why: [["p9 why 42", "what is missing, and whose move it is"]],
  abandon: [["p9 abandon 42", "nobody needs to know any more"]],
  rearm: [["p9 rearm --now", "at once, after a crash of the machine"]],
  reap: [["p9 reap", "end what nobody can watch any more"]],
  "stuck-scan": [["p9 stuck-scan --threshold-min 20", "nothing new for 20 minutes"]],
  cleanup: [["p9 cleanup", "pull requests that were merged by hand"]],
  drive: [["p9 drive", "as the service of references/service.md runs it"]],
  notify: [["p9 notify 'A test of my channels'", "says what came of each"]],
  "plugin new": [["p9 plugin new source my-tasks --lang python", "a folder with a plugin and its test"]],
  "plugin test": [["p9 plugin test ./my-tasks", "what p9 asks of every plugin"]],
  "plugin add": [["p9 plugin add npm:p9-plugin-jira", "installed, and named in plugins.jsonc"]],
  "plugin remove": [["p9 plugin remove npm:p9-plugin-jira", "uninstalled, and named no more"]],
  doctor: [["p9 doctor", "what works, what does not, and how to fix it"]],
  init: [
    ["p9 init", "for you, in Claude Code, in every project"],
    ["p9 init --harness codex,opencode", "in other clients; all: in those that are found"],
    ["p9 init --project --dry-run", "what it would write for everybody here"],
  ],
  uninstall: [["p9 uninstall --dry-run", "what would be taken back"]],
  completions: [["source <(p9 completions bash)", "in this shell only"]],
};
