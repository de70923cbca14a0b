#!/bin/sh
# UserPromptSubmit: starts p9 only when the session has endings to deliver, or healing must stop because the user speaks.
here=${0%/*}
event=UserPromptSubmit
. "$here/session.sh"
for mark in waits emitted unread; do [ -s "$dir/$mark" ] && start UserPromptSubmit; done
exit 0
