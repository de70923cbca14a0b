#!/bin/sh
# PreToolUse(Bash): only a command that may be waiting by hand, in a session that p9 watches something for, goes on to p9.
here=${0%/*}
. "$here/session.sh"
[ -s "$dir/waits" ] || exit 0
input=$(cat)
case $input in
*sleep* | *'gh pr checks'* | *'gh run watch'* | *watch*gh*) printf '%s\n' "$input" | start PreToolUse ;;
esac
exit 0
