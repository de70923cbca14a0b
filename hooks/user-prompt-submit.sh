#!/bin/sh
# UserPromptSubmit: goes on to p9 when this session is told of something, or healing has to stop because the user speaks.
here=${0%/*}
. "$here/session.sh"
for mark in waits emitted unread; do [ -s "$dir/$mark" ] && start UserPromptSubmit; done
exit 0
