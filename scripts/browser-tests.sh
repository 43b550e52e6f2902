#!/usr/bin/env bash
# Runs the browser tests (all, or the files named) against the development build of this tree.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
cd "$ROOT"

# With a test, so that dependencies have the features that they have there and are not built once more.
cargo build --locked --bin moodcall --test tidy
files=("$@")
[ ${#files[@]} -gt 0 ] || files=(tests/browser/*.test.js)

# Two people who play in real time would steal each other's processor, so a file goes alone unless it is known to be about
# pages that wait for the network and for nobody's camera: those go in pairs.
readonly PAGES=" account-pages accounts dig docs feed kinds notifications people playlist-edit playlist-evening playlist-pages
    playlist-people playlist-songs playlist-wizard posts profile providers routes score settings staff states texts "
alone=() pairs=()
for file in "${files[@]}"; do
    if [[ $PAGES =~ [[:space:]]$(basename "$file" .test.js)[[:space:]] ]]; then pairs+=("$file"); else alone+=("$file"); fi
done

# The names of what failed come once more at the very end, below what was printed of everything that passed.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ ! -t 1 ] || export FORCE_COLOR=1
failures=""
run() {
    node --test --test-concurrency="$1" --test-reporter=spec "${@:2}" | tee "$log" && return
    failures+=$(sed -n '/failing tests:/,$p' "$log")$'\n'
}
[ ${#pairs[@]} -eq 0 ] || run 2 "${pairs[@]}"
[ ${#alone[@]} -eq 0 ] || run 1 "${alone[@]}"
[ -z "$failures" ] || die "browser tests failed: $failures"
