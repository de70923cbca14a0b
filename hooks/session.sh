# Sourced by the other scripts, which set $here and $event: finds this session's folder without starting a program.
# Sets $dir, this session's folder in p9's state directory, and defines start.

# Other clients run the hooks of Claude Code too: they are answered as theirs. A client that was started in another's shell has its
# variables; by AI_AGENT Claude Code says that the hook is its own.
case ${AI_AGENT-} in
claude-code*_hook) ;;
*)
  for stranger in "cursor${CURSOR_VERSION:+:}" "copilot${COPILOT_CLI:+:}" "gemini${GEMINI_CLI:+:}" \
    "droid${DROID_PROJECT_DIR:+:}" "codex${PLUGIN_ROOT:+${PLUGIN_DATA:+:}}"; do
    case $stranger in *:) exec /bin/sh "$here/harness.sh" "$event" --harness claude "${stranger%:}" ;; esac
  done
  ;;
esac

dir=${BROOMVA_P9_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/broomva/p9}/inbox/${CLAUDE_CODE_SESSION_ID:-unknown}

# Entries of PATH that depend on the folder go, and those that lie in the project or in its packages: a program of the repository
# must not run unasked. A project that is the home folder itself holds the user's own programs.
project=${CLAUDE_PROJECT_DIR:-/-}
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

# The plugin's hooks, the user's and the project's may all be there, even in the same folder. The copy whose SessionStart came first
# answers for the client's whole process; the others stay silent, unless that one is gone.
copy=${CLAUDE_PLUGIN_ROOT:+plugin:}${P9_SETTINGS:+$P9_SETTINGS:}$here
if [ -r "$dir/hooks.${CLAUDE_PID:-0}" ]; then
  read -r first <"$dir/hooks.${CLAUDE_PID:-0}"
  folder=${first#plugin:}
  if [ "$first" != "$copy" ] && [ -r "${folder#project:}/session.sh" ]; then exit 0; fi
fi

# start <Event>: hands the event to p9 proper, which reads the JSON on stdin.
start() {
  if command -v node >/dev/null; then
    P9_HOOKS=$copy exec node "$here/../dist/hook.js" "$1"
  elif command -v deno >/dev/null; then
    P9_HOOKS=$copy exec deno run -A -q "$here/../dist/hook.js" "$1"
  elif [ "$1" = SessionStart ]; then
    echo '{"systemMessage":"p9 watches nothing in this session: neither node nor deno is on PATH"}'
  fi
  exit 0
}
