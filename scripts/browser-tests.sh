#!/usr/bin/env bash
# Runs the browser tests (all, or the files named) against the development build of this tree.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
cd "$ROOT"

# With a test, so that dependencies have the features that they have there and are not built once more.
cargo build --locked --bin moodcall --test tidy
files=("$@")
[ ${#files[@]} -gt 0 ] || files=(tests/browser/*.test.js)
# One file at a time: each plays two people in real time, and they would steal each other's processor.
exec node --test --test-concurrency=1 --test-reporter=spec "${files[@]}"
