#!/usr/bin/env bash
# docs/configuration.md is what the program itself prints.
set -euo pipefail
cd "$(dirname "$0")/.."
"$CARAVAN_BIN" documentation | diff docs/configuration.md - || {
  echo "docs/configuration.md is out of date: caravan documentation > docs/configuration.md" >&2
  exit 1
}
