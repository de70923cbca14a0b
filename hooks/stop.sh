#!/bin/sh
# Stop: starts p9 only when something is watched, was pushed unseen, or ended.
here=${0%/*}
event=Stop
. "$here/session.sh"
for mark in waits emitted unread pushed; do [ -s "$dir/$mark" ] && start Stop; done
cd "$dir/trace" 2>/dev/null || start Stop
set -- *
[ -e "$1" ] || exit 0
[ -e git-trace2-discard ] && start Stop
pushes=$(grep -ls '"name":"push"' "$@") && grep -qs '"argv":\["git","pack-objects"' $pushes && start Stop
exit 0
