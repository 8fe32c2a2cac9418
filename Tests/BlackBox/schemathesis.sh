#!/bin/sh
# Generates requests from /openapi.json and holds the answers to it, with schemathesis from PyPI.
# CARAVAN_BIN names the binary (default: the built one), OPENAPI another description than the served one.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
version=4.32.5
seed=20
examples=${EXAMPLES:-12}
venv=${XDG_CACHE_HOME:-$HOME/.cache}/caravan/schemathesis-venv

bin=${CARAVAN_BIN:-}
for candidate in "$root/.build/release/caravan" "$root/.build/debug/caravan"; do
  if [ -z "$bin" ] && [ -x "$candidate" ]; then bin=$candidate; fi
done
[ -x "$bin" ] || { echo "schemathesis: no binary: build it, or name it in CARAVAN_BIN" >&2; exit 1; }

if [ "$("$venv/bin/python" -c 'from importlib.metadata import version; print(version("schemathesis"))' 2>/dev/null)" != "$version" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; } >"$venv.log" 2>&1; then
    rm -rf "$venv"
    echo "SKIPPED: schemathesis $version could not be installed (see $venv.log)"
    exit 0
  fi
fi

work=$(mktemp -d -t caravan-schemathesis.XXXXXX)
server=
stop() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

"$bin" serve --port 0 --data "$work/data" --web off --limits off 2>"$work/log" &
server=$!
port=
for _ in $(seq 200); do
  port=$(sed -n 's/.*"port": *"\{0,1\}\([0-9][0-9]*\).*/\1/p' "$work/log" | head -n 1)
  [ -z "$port" ] || break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
[ -n "$port" ] || { cat "$work/log" >&2; exit 1; }
base=http://127.0.0.1:$port

# A user with a direct chat and a group with messages, so that examples can hit something.
token=$("$venv/bin/python" - "$base" <<'PYTHON'
import json, sys, urllib.request

def call(method, path, body, token=None):
    headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {})}
    request = urllib.request.Request(sys.argv[1] + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)

users = [call("POST", "/users", {"username": name, "password": "correct horse"}) for name in ("fuzzer", "other", "third")]
token = call("POST", "/login", {"username": "fuzzer", "password": "correct horse"})["access_token"]
for body in ({"user_id": users[1]["id"]}, {"members": [user["id"] for user in users[1:]], "title": "Group"}):
    chat = call("POST", "/chat", body, token)
    for number in range(3):
        call("POST", "/chat/" + chat["id"], {"text": f"message {number}"}, token)
print(token)
PYTHON
)

# GET /stream never ends; /logout and the password would end the session that the run lives on.
cd "$work"
status=0
"$venv/bin/schemathesis" --version >/dev/null
"$venv/bin/schemathesis" run "${OPENAPI:-$base/openapi.json}" --url "$base" \
  --header "Authorization: Bearer $token" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --exclude-path /stream --exclude-path /logout --exclude-path /users/me/password \
  --phases examples,coverage,fuzzing,stateful --max-examples "$examples" --seed "$seed" --generation-database none \
  --workers 1 --request-timeout 10 --continue-on-failure --warnings off --no-color >"$work/report" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  cat "$work/report"
  tail -n 5 "$work/log"
fi
kill -0 "$server" || { echo "schemathesis: the server died" >&2; status=1; }
echo "schemathesis $version, seed $seed: $(grep -v '^ *$' "$work/report" | tail -n 1)"
exit "$status"
