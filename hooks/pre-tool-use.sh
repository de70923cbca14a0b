#!/bin/sh
# PreToolUse(Bash): starts p9 only for a command that may be waiting by hand, in a session with watched waits.
here=${0%/*}
event=PreToolUse
. "$here/session.sh"
[ -s "$dir/waits" ] || exit 0
input=$(cat)
case $input in
*sleep* | *'gh pr checks'* | *'gh run watch'* | *watch*gh*) printf '%s\n' "$input" | start PreToolUse ;;
esac
exit 0
