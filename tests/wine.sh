#!/usr/bin/env bash
# Runs Quickstart, built self-contained for Windows, under Wine: named pipes, CreateProcess, job objects, captured and
# inherited output, exit codes. It checks its own result. Skipped, with a reason, where Wine or the Windows packs cannot be had.
#
# What Wine cannot show: how long a start takes on Windows, Defender and other filters in its way, console Ctrl+C groups,
# job objects nested in a service's or container's, processor groups, and access rights between real users.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

if ! command -v wine >/dev/null && [ "${1:-}" = --install ] && command -v apt-get >/dev/null; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends wine wine64; } >/dev/null 2>&1
fi

if ! command -v wine >/dev/null; then
  echo "wine: skipped, there is no Wine here."
  exit 0
fi

folder=$(mktemp -d)
export WINEPREFIX="$folder/prefix" WINEDEBUG=-all
trap 'wineserver -k 2>/dev/null; rm -rf "$folder"' EXIT

if ! dotnet publish samples/Quickstart -c Release -r win-x64 --self-contained -o "$folder/app" -p:UseAppHost=true >"$folder/publish.log" 2>&1; then
  if grep -q NU11 "$folder/publish.log"; then
    echo "wine: skipped, the runtime for Windows cannot be restored."
    exit 0
  fi

  cat "$folder/publish.log"
  exit 1
fi

mkdir "$folder/input" && cp README.md Directory.*.props "$folder/input"
timeout --kill-after=10 240 wine "$folder/app/Quickstart.exe" "$(winepath -w "$folder/input" 2>/dev/null || echo "Z:${folder//\//\\}\\input")" </dev/null
result=$?
[ $result -eq 0 ] && echo "wine: passed" || echo "wine: failed with $result"
exit $result
