#!/usr/bin/env bash
# What a change must pass, cheapest first, everything in one cargo profile so that a dependency is built once. Prints
# each step as it starts and how long it took; the test runners' own summaries come last.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
cd "$ROOT"

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-always}
# Incremental files cost time and disk where the folder is thrown away.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0

step() {
    local name=$1 start=$SECONDS
    shift
    say "$name: $*"
    "$@" || die "$name failed after $((SECONDS - start)) s"
    say "$name: $((SECONDS - start)) s"
}

step format cargo fmt --all -- --check
step set-up scripts/setup.sh --test
step types npm run --silent types
step lint cargo clippy --locked --all-targets -- -D warnings
step documentation env RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items
step dependencies make --no-print-directory deny
step tests cargo test --locked
step 'tests on PostgreSQL' scripts/with-postgres.sh cargo test --locked --test api
step schemathesis scripts/schemathesis.sh
step browsers scripts/browser-tests.sh
say "passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
