# Sourced by the other scripts: what is known of this session without starting a program.
# Sets $dir, this session's folder in p9's state directory, and defines start.

dir=${BROOMVA_P9_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/broomva/p9}/inbox/${CLAUDE_CODE_SESSION_ID:-unknown}

# The first copy of p9 (plugin or hand-wired) that saw this session's start answers its hooks; any other stays silent.
if [ -r "$dir/hooks.${CLAUDE_PID:-0}" ]; then
  read -r copy <"$dir/hooks.${CLAUDE_PID:-0}"
  if [ "$copy" != "$here" ] && [ -r "$copy/session.sh" ]; then exit 0; fi
fi

# start <Event>: hands the event to p9 proper, which reads the JSON on stdin.
start() {
  if command -v node >/dev/null; then
    P9_HOOKS=$here exec node "$here/../dist/hook.js" "$1"
  elif command -v deno >/dev/null; then
    P9_HOOKS=$here exec deno run -A -q "$here/../dist/hook.js" "$1"
  elif [ "$1" = SessionStart ]; then
    echo '{"systemMessage":"p9 watches nothing in this session: neither node nor deno is on PATH"}'
  fi
  exit 0
}
