import type { PartType, Template } from "./template.ts";

/** A plugin in bash: one program that needs nothing but bash, and a test beside it. */
export const bash: Template = (type, name) => ({
  files: [
    { path: `${name}.sh`, text: HEAD + PROGRAM[type].replaceAll("NAME", name), executable: true },
    { path: "test.sh", text: (TEST_HEAD + TEST[type]).replaceAll("NAME", name), executable: true },
  ],
  next: ["./test.sh", `p9 plugin test ./${name}.sh`],
});

const HEAD = `#!/usr/bin/env bash
# A plugin of p9. The request is one line of JSON on stdin; its texts and numbers are variables too (P9_CALL, P9_OPTIONS_…).
# The answer is JSON lines on stdout, the log is stderr.
set -euo pipefail

# Prints a text as a JSON string.
json() {
  local text=\${1//\\\\/\\\\\\\\}
  text=\${text//\\"/\\\\\\"} text=\${text//$'\\n'/\\\\n} text=\${text//$'\\t'/\\\\t}
  printf '"%s"' "\${text//[[:cntrl:]]/}"
}

# Says why it cannot answer now, and ends: never the same as an empty answer.
unavailable() {
  echo "$1" >&2
  exit 4
}

`;

const PROGRAM: Readonly<Record<PartType, string>> = {
  source: `case $P9_CALL in
describe)
  echo '{"name": "NAME", "queueSources": [{"name": "NAME", "summary": "Open tasks in TODO.md",
    "options": {"file": {"type": "string", "description": "File with the tasks", "default": "TODO.md"}}}]}' | tr -d '\\n'
  ;;
discover)
  file=\${P9_ROOT:-$P9_CWD}/\${P9_OPTIONS_FILE:-TODO.md}
  [[ -r $file ]] || unavailable "$file cannot be read"
  while IFS= read -r line; do
    [[ $line == "- [ ] "* ]] || continue
    task=$(json "\${line#"- [ ] "}")
    echo "{\\"item\\": $task, \\"key\\": $task, \\"minutes\\": 15}"
  done <"$file"
  ;;
esac
`,
  "wait-kind": `case $P9_CALL in
describe)
  echo '{"name": "NAME", "waitKinds": [{"name": "NAME", "summary": "A file that says how far a job is",
    "examples": [{"ref": "job.status"}]}]}' | tr -d '\\n'
  ;;
resolve)
  ref=\${P9_REQUEST_REF:-}
  if [[ -z $ref || $ref == *[[:cntrl:]]* ]]; then
    echo "Wanted the path of a status file" >&2
    exit 3
  fi
  [[ $ref == /* ]] && path=$ref || path=$P9_CWD/$ref
  echo "{\\"ref\\": $(json "$ref"), \\"key\\": $(json "$path"), \\"identity\\": {\\"path\\": $(json "$path")}, \\"complete\\": true}"
  ;;
look)
  path=$P9_PIN_IDENTITY_PATH
  if [[ ! -e $path ]]; then
    echo '{"status": "waiting", "reason": "The job has not started"}'
    exit
  fi
  [[ -r $path ]] || unavailable "$path cannot be read"
  state=$(<"$path")
  case $state in
  done) echo '{"status": "succeeded", "reason": "The job is done"}' ;;
  failed) echo '{"status": "failed", "reason": "The job failed"}' ;;
  running) echo '{"status": "running", "reason": "The job runs"}' ;;
  *) echo "{\\"status\\": \\"running\\", \\"reason\\": \\"The job is in a state that is unknown\\", \\"unknown\\": [$(json "$state")]}" ;;
  esac
  ;;
esac
`,
  notifier: `case $P9_CALL in
describe)
  echo '{"name": "NAME", "notifiers": [{"name": "NAME", "summary": "Appends each notice to a file"}]}'
  ;;
deliver)
  printf '%s\\n' "$P9_NOTICE_TITLE" >>"$P9_DATA_DIR/notices.txt"
  ;;
esac
`,
};

const TEST_HEAD = `#!/usr/bin/env bash
# Asks the plugin as p9 does.
set -euo pipefail
plugin=$(dirname "$(realpath "$0")")/NAME.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # <what> <wanted> <seen>
  [[ $3 == *"$2"* ]] && echo "ok: $1" && return
  echo "FAIL: $1: wanted $2, saw $3" >&2
  exit 1
}

expect "describes itself" '"name": "NAME"' "$(P9_CALL=describe "$plugin" </dev/null)"
`;

const TEST: Readonly<Record<PartType, string>> = {
  source: `printf -- '- [ ] write "docs"\\n- [x] done\\n' >"$work/TODO.md"
found=$(P9_CALL=discover P9_ROOT=$work "$plugin" </dev/null)
expect "offers open tasks" '{"item": "write \\"docs\\""' "$found"
expect "offers nothing else" 1 "$(wc -l <<<"$found")"
expect "says that there is no file" 4 "$(P9_CALL=discover P9_ROOT=/nowhere "$plugin" </dev/null 2>/dev/null || echo $?)"
`,
  "wait-kind": `look() { P9_CALL=look P9_PIN_IDENTITY_PATH=$work/job.status "$plugin" </dev/null; }
expect "pins a path" "\\"key\\": \\"$work/job.status\\"" "$(P9_CALL=resolve P9_CWD=$work P9_REQUEST_REF=job.status "$plugin" </dev/null)"
expect "waits for the file" '"waiting"' "$(look)"
echo done >"$work/job.status"
expect "sees the end" '"succeeded"' "$(look)"
echo asleep >"$work/job.status"
expect "takes what it does not know for running" '"running"' "$(look)"
expect "refuses nothing" 3 "$(P9_CALL=resolve P9_CWD=/ "$plugin" </dev/null 2>/dev/null || echo $?)"
`,
  notifier: `P9_CALL=deliver P9_NOTICE_TITLE="it is green" P9_DATA_DIR=$work "$plugin" </dev/null
expect "keeps the title" "it is green" "$(<"$work/notices.txt")"
`,
};
