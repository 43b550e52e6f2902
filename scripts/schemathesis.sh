#!/usr/bin/env bash
# Lets schemathesis invent requests from the API's description, against the development build of this tree, on SQLite and on
# PostgreSQL.
#
#     scripts/schemathesis.sh [seconds for each database [seed]]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
cd "$ROOT"

cargo build --locked
run=("$TOOLS/venv/bin/python" tests/schemathesis/run.py target/debug/moodcall "$@")
"${run[@]}"
scripts/with-postgres.sh "${run[@]}"
