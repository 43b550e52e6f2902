"""Lets schemathesis invent requests from the API's own description and holds the answers to it.

Starts the program on free ports with a database of its own (PostgreSQL where TEST_POSTGRES_URL says so), signs somebody up
the way a person does, and sends requests as them: no answer may be a 5xx, none may be outside of the description.

    run.py PROGRAM [SECONDS [SEED]]
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

PASSWORD = "violet-kettle-27-harbor"
# They end the log-in that everything else is asked with, or turn into something that is no HTTP.
LEFT_OUT = ["logOut", "deleteMe", "openSocket"]
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
PLENTY = "1000000"


def ask(url, method="GET", body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {url}: {error.code} {error.read().decode()}") from None


def sign_up(origin, handle):
    """The access token of a new account."""
    api, email = f"{origin}/api/v1", f"{handle}@example.org"
    verification = ask(f"{api}/email-verifications", "POST", {"email": email})
    letter = ask(f"{origin}/dev/outbox.json?to={email}")["items"][0]["text"]
    code = re.search(r"^\s*(\d{6})\s*$", letter, re.MULTILINE).group(1)
    proof = ask(f"{api}/email-verifications/{verification['id']}", "PUT", {"code": code})["proof"]
    consents = [{"purpose": "terms", "granted": True, "version": "test"}]
    names = {"handle": handle, "nickname": handle, "genres": ["pop"], "language": "en"}
    person = {"email_proof": proof, "password": PASSWORD, "consents": consents, **names}
    return ask(f"{api}/users", "POST", person)["access_token"]


def start(program, folder):
    settings = {
        "MOODCALL_SERVER__DEVELOPMENT": "true",
        "MOODCALL_FILTER__ENABLED": "false",
        "MOODCALL_LOG": "warn",
        "MOODCALL_ACCOUNTS__REQUESTS_PER_MINUTE": PLENTY,
        "MOODCALL_ACCOUNTS__TRIES_PER_MINUTE": PLENTY,
        "MOODCALL_ACCOUNTS__ACCOUNT_TRIES_PER_HOUR": PLENTY,
        "MOODCALL_ACCOUNTS__ACCESS_MINUTES": "60",
        "MOODCALL_ROOMS__CREATES_PER_MINUTE": PLENTY,
        "MOODCALL_ROOMS__TICKETS_PER_MINUTE": PLENTY,
    }
    if os.environ.get("TEST_POSTGRES_URL"):
        settings["MOODCALL_DATABASE_URL"] = os.environ["TEST_POSTGRES_URL"] + "/postgres"
    command = [program, "serve", "--listen", "127.0.0.1:0", "--udp-port", "0", "--public-address", "127.0.0.1"]
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [*command, "--data-dir", str(folder / "data")],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    line = server.stdout.readline()
    if not line.startswith("listening on "):
        raise SystemExit(f"the server does not start:\n{(folder / 'log').read_text()}")
    threading.Thread(target=server.stdout.read, daemon=True).start()
    return server, line.removeprefix("listening on ").strip()


def main():
    program = str(Path(sys.argv[1]).resolve())
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    seed = sys.argv[3] if len(sys.argv) > 3 else str(random.randrange(2**31))
    database = "PostgreSQL" if os.environ.get("TEST_POSTGRES_URL") else "SQLite"
    print(f"schemathesis on {database}, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server, origin = start(program, folder)
        try:
            token = sign_up(origin, "ada")
            sign_up(origin, "bob")
            description = ask(f"{origin}/api/v1/openapi.json")
            for item in description["paths"].values():
                for operation in item.values():
                    # For readers it covers what they cannot foresee; here it would cover what was forgotten.
                    operation["responses"].pop("default", None)
            (folder / "openapi.json").write_text(json.dumps(description))
            started = time.monotonic()
            result = subprocess.run(
                [
                    *[str(Path(sys.executable).parent / "schemathesis"), "run", str(folder / "openapi.json")],
                    *["--url", origin, "--header", f"Authorization: Bearer {token}", "--seed", seed],
                    *["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"],
                    *["--max-time", str(seconds), "--max-failures", "20", "--request-timeout", "20"],
                    *["--suppress-health-check", "all", "--warnings", "off", "--no-color"],
                    *(word for id in LEFT_OUT for word in ("--exclude-operation-id", id)),
                ],
                cwd=folder,
                check=False,
            ).returncode
            print(f"schemathesis on {database}: {time.monotonic() - started:.0f} s, exit {result}", flush=True)
            if server.poll() is not None:
                result = 1
                print(f"the server ended with {server.returncode}")
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()
        if result:
            print((folder / "log").read_text()[-4000:])
            print(f"again: {' '.join(sys.argv[:2])} {seconds} {seed}")
    sys.exit(result)


main()
