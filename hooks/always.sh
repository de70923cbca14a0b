#!/bin/sh
# SessionStart, SessionEnd, FileChanged: hands every event to p9.
here=${0%/*}
event=$1
. "$here/session.sh"
start "$1"
