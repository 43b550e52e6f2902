#!/usr/bin/env bash
# Lets schemathesis invent requests from the API's description, against the development build of this tree, on SQLite and on
# PostgreSQL.
#
#     scripts/schemathesis.sh [seconds for each database [seed]]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
cd "$ROOT"

# With a test, so that dependencies have the features that they have there and are not built once more.
cargo build --locked --bin moodcall --test tidy
run=("$TOOLS/venv/bin/python" tests/schemathesis/run.py target/debug/moodcall "$@")
"${run[@]}"
scripts/with-postgres.sh "${run[@]}"
