#!/bin/sh
# PostToolUse(Bash) and PostToolUseFailure(Bash): `git push && false` has pushed.
# Exits early for a call that pushed nothing: built-ins, one cat and at most three greps, whatever the repository's size.
here=${0%/*}
event=${1:-PostToolUse}
. "$here/session.sh"

input=$(cat)
hand_over() {
  printf '%s\n' "$input" | start "$event"
  exit
}

# Hand over when an ending is unread, or was emitted and this event confirms it, or a push is not registered yet.
for mark in emitted unread pushed; do [ -s "$dir/$mark" ] && hand_over; done

# The client's own reading of the command. In quoted text the quotation marks are escaped, so this is never the tool's output.
case $input in
*'"gitOperation":{'*'"push":{'* | *'"gitOperation":{'*'"pr":{'*) hand_over ;;
esac

if ! cd "$dir/trace" 2>/dev/null; then
  # Without git's trace in this session, hand over every command that mentions a push.
  case $input in *push*) hand_over ;; esac
  exit 0
fi
set -- *
[ -e "$1" ] || exit 0
[ -e git-trace2-discard ] && hand_over
pushes=$(grep -ls '"name":"push"' "$@") && grep -qs '"argv":\["git","pack-objects"' $pushes && hand_over

# Git processes that ended and pushed nothing.
ended=$(grep -ls '"event":"atexit"' "$@") && rm -f $ended
exit 0
