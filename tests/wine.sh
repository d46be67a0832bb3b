#!/usr/bin/env bash
# Runs two programs, built self-contained for Windows, under Wine: Quickstart, which checks its own result, and the program that
# the package tests run in every shape: processes, a pool, a queue, a lock, a manager, exit codes, a crash, a kill, a cancellation;
# then once more, until it is killed with busy workers, of which none may be left. Named pipes, CreateProcess, job objects, captured
# and inherited output are what both use. Skipped, with a reason, where Wine or the Windows packs cannot be had.
#
# What Wine cannot show: how long a start takes on Windows, Defender and other filters in its way, console Ctrl+C groups,
# job objects nested in a service's or container's, processor groups, access rights between real users, and code that is written
# and executed at two addresses, as the runtime does by default.
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

# A program with nothing but an EventSource of its own dies in its first collection under Wine 8 ("Internal CLR error" where a
# dynamic method is freed), unless the runtime writes code where it executes it.
export DOTNET_EnableWriteXorExecute=0
trap 'wait ${publishing-}; wineserver -k 2>/dev/null; rm -rf "$folder"' EXIT

# Publishes the project $1 to $folder/$2.
publish() { dotnet publish "$1" -c Release -r win-x64 --self-contained -o "$folder/$2" -p:UseAppHost=true >"$folder/$2.log" 2>&1; }

# Says why $1 could not be published, and ends.
refuse() {
  if grep -q NU11 "$folder/$1.log"; then
    echo "wine: skipped, the runtime for Windows cannot be restored."
    exit 0
  fi

  cat "$folder/$1.log"
  exit 1
}

mkdir "$folder/source"
cat >"$folder/source/EndToEnd.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="$PWD/tests/Procgen.Package.Tests/Shapes/EndToEnd.cs" />
    <ProjectReference Include="$PWD/runtime/Procgen/Procgen.csproj" />
    <ProjectReference Include="$PWD/generator/Procgen.Generator/Procgen.Generator.csproj" OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
  </ItemGroup>
</Project>
EOF
cat >"$folder/source/Program.cs" <<'EOF'
using System.Net;
using System.Net.Sockets;

var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
Environment.SetEnvironmentVariable("SHAPE_PORT", ((IPEndPoint)listener.LocalEndpoint).Port.ToString());
Task run = Shapes.EndToEnd.RunAsync();
using TcpClient connection = await listener.AcceptTcpClientAsync();
using var report = new StreamReader(connection.GetStream());
while (await report.ReadLineAsync() is { } line) Console.WriteLine("reported " + line);
await run;
EOF
publish samples/Quickstart quickstart || refuse quickstart

# While the first program runs.
publish "$folder/source" app &
publishing=$!

mkdir "$folder/input" && cp README.md Directory.*.props "$folder/input"
if ! timeout --kill-after=10 240 wine "$folder/quickstart/Quickstart.exe" "$(winepath -w "$folder/input" 2>/dev/null || echo "Z:${folder//\//\\}\\input")" </dev/null; then
  echo "wine: Quickstart failed"
  exit 1
fi

wait $publishing || refuse app

timeout --kill-after=10 120 wine "$folder/app/EndToEnd.exe" </dev/null >"$folder/said"
result=$?
expected=$(sed -n '/string\[\] Expected =/,/\];/s/^ *"\(.*\)",$/reported \1/p' tests/Procgen.Package.Tests/Shapes/EndToEndRun.cs)
if [ $result -ne 0 ] || [ "$(tr -d '\r' <"$folder/said")" != "$expected" ]; then
  cat "$folder/said"
  echo "wine: the end-to-end program ended with $result and said something else than expected"
  exit 1
fi

# The processes of the end-to-end program, by their own folder.
count() { pgrep -fc "[\\/]${folder##*/}.*EndToEnd.exe"; }

SHAPE_BUSY=4 wine "$folder/app/EndToEnd.exe" </dev/null >"$folder/said" &
parent=$!
for ((i = 0; i < 600; i++)); do
  grep -q "^reported" "$folder/said" && break
  sleep 0.1
done
alive=$(count)
kill -9 $parent
for ((i = 0; i < 100; i++)); do
  [ "$(count)" -eq 0 ] && break
  sleep 0.1
done
left=$(count)
if [ "$alive" -lt 9 ] || [ "$left" -ne 0 ]; then
  echo "wine: $alive processes were busy, and $left were left when their parent had been killed"
  exit 1
fi

echo "wine: passed; $alive busy processes were gone within $((i + 1)) tenths of a second of the kill"
