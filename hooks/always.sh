#!/bin/sh
# Events that are rare or always p9's business: SessionStart, SessionEnd, FileChanged.
here=${0%/*}
. "$here/session.sh"
start "$1"
