#!/bin/sh
# harness.sh <event> --harness <name> [<client>]: the hook of every client but Claude Code. <name> is what it was installed for; <client>
# is who calls it, where that is another. Exits early for what needs no answer; exits with 0 always, since some clients take anything
# else for a refusal.
here=${0%/*}
event=$1
name=$3
client=${4:-$3}
[ -r "$here/../dist/hook.js" ] || exit 0

# No program of the project is run unasked: entries of PATH that depend on the folder, lie in it or in packages go.
project=${CLAUDE_PROJECT_DIR:-${GEMINI_PROJECT_DIR:-${COPILOT_PROJECT_DIR:-${DROID_PROJECT_DIR:-${PWD:-/-}}}}}
case $HOME/ in "$project"/*) project=/- ;; esac
case ":$PATH:" in
*:[!/]* | */node_modules/.bin:* | */node_modules/.bin/:* | *":$project/"*)
  set -f
  IFS=: clean=
  for entry in $PATH; do
    case $entry in
    */node_modules/.bin | */node_modules/.bin/ | "$project"/*) ;;
    /*) clean=$clean:$entry ;;
    esac
  done
  unset IFS
  set +f
  PATH=${clean#:}
  ;;
esac

input=$(cat)

# The session's folder, by the first id of the input. In text that is quoted in it the quotation marks are escaped.
case $client in
cursor) keys="conversation_id session_id" ;;
cline) keys="rootSessionId taskId" ;;
windsurf) keys=trajectory_id ;;
opencode | pi) keys="parent session" ;;
*) keys="session_id sessionId" ;;
esac
dir=
for key in $keys; do
  case $input in
  *"\"$key\":\""*)
    id=${input#*"\"$key\":\""}
    id=${id%%\"*}
    case $id in
    '' | *[!A-Za-z0-9._-]* | .*) ;;
    *) dir=${BROOMVA_P9_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/broomva/p9}/inbox/$client:$id ;;
    esac
    break
    ;;
  esac
done

# Most of these clients have no process by which p9 could tell that the session lives.
[ -d "$dir" ] && { echo 1 >"$dir/seen"; } 2>/dev/null

# marked <name>…: whether one of these marks is set.
marked() {
  for mark; do [ -s "$dir/$mark" ] && return; done
  return 1
}

# pushed: whether the command may have pushed. Git's trace knows; without one the words of the command, and of git's report, do.
pushed() {
  if ! cd "$dir/trace" 2>/dev/null; then
    case $input in *push* | *' -> '*) return ;; esac
    return 1
  fi
  set -- *
  [ -e "$1" ] || return 1
  [ -e git-trace2-discard ] && return
  pushes=$(grep -ls '"name":"push"' "$@") && grep -qs '"argv":\["git","pack-objects"' $pushes && return
  ended=$(grep -ls '"event":"atexit"' "$@") && rm -f $ended
  return 1
}

if [ -n "$dir" ]; then
  case $event in
  PreToolUse | preToolUse | BeforeTool | beforeShellExecution | before-shell)
    marked waits || exit 0
    case $input in *sleep* | *'gh pr checks'* | *'gh run watch'* | *watch*gh*) ;; *) exit 0 ;; esac
    ;;
  PostToolUse | PostToolUseFailure | postToolUse | postToolUseFailure | AfterTool | afterShellExecution | post_run_command | after-shell)
    marked emitted unread pushed || pushed || exit 0
    ;;
  UserPromptSubmit | userPromptSubmitted | userPromptSubmit | BeforeAgent | beforeSubmitPrompt | pre_user_prompt | prompt)
    # A turn begins: what ends within it is told by its hooks, and nobody is woken.
    [ -s "$dir/idle" ] && : >"$dir/idle"
    # Goose does not say at a stop whether the turn is a new one: its prompts do.
    [ "$client" = goose ] || marked waits emitted unread || exit 0
    ;;
  esac
fi

if command -v node >/dev/null; then
  printf '%s\n' "$input" | node "$here/../dist/hook.js" "$event" --harness "$name"
elif command -v deno >/dev/null; then
  printf '%s\n' "$input" | deno run -A -q "$here/../dist/hook.js" "$event" --harness "$name"
fi
[ "$?" = 2 ] && [ "$name" = claude ] && exit 2
exit 0
