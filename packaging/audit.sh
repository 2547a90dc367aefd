#!/bin/sh
# Looks up known vulnerabilities of the locked packages: `make audit`. Where there is no uv, or the
# index of vulnerabilities cannot be reached, that is said and is no failure.
set -u
if ! command -v uv >/dev/null; then
  echo "NOTE: the dependencies were NOT audited, because uv is not installed." >&2
  exit 0
fi
said=$(uv audit --frozen 2>&1) && { echo "$said"; exit 0; }
if echo "$said" | grep -q -i -e "error sending request" -e "dns error" -e "timed out"; then
  echo "NOTE: the dependencies were NOT audited, because the index cannot be reached." >&2
  exit 0
fi
echo "$said" >&2
exit 1
