#!/usr/bin/env bash
# Measures what Weir adds to an engine that answers at once: latency with one client against the same
# engine called directly, throughput with 32 clients, and the processor time by kind of thread.
# Everything, load generator included, runs on this machine. Linux only (/proc).
#
#   infra/bench/overhead.sh [base port, default 18080]
set -euo pipefail
cd "$(dirname "$0")/../.."
base=${1:-18080}
work=$(mktemp -d)
trap 'kill "$up" 2>/dev/null; wait "$up" 2>/dev/null; rm -rf "$work"' EXIT

./weir --version >"$work/version"
./weir up --instant --base-port "$base" --data-dir "$work/data" >"$work/up.log" 2>&1 &
up=$!
until grep -q '^Ready' "$work/up.log"; do
  kill -0 "$up" || { cat "$work/up.log"; exit 1; }
  sleep 0.2
done
grep '^Ready' "$work/up.log"
awk '/VmRSS/ {printf "Resident after start: %d MB\n", $2 / 1024}' "/proc/$up/status"

weir="http://127.0.0.1:$base"
engine="http://127.0.0.1:$((base + 21))"
bench() { ./weir bench --prompt-tokens 20 --output-tokens 8 "$@" 2>"$work/progress" | tail -n 4; }

# Clock ticks (10 ms) by thread name without its number.
threads() {
  for task in "/proc/$up/task"/*; do
    sed -n 's/^[0-9]* (\(.*\)) . \(.*\)/\1|\2/p' "$task/stat" 2>/dev/null
  done | awk -F'|' '{name = $1; gsub(/[0-9]+/, "", name); split($2, f, " "); t[name] += f[11] + f[12]}
    END {for (n in t) print n "|" t[n]}' | sort
}

echo; echo "== warming up: 60 s, 32 clients"
bench --url "$weir" --clients 32 --duration 60s
bench --url "$engine" --clients 1 --duration 10s >/dev/null

echo; echo "== engine directly, 1 client"
bench --url "$engine" --clients 1 --duration 20s
echo; echo "== through Weir, 1 client"
bench --url "$weir" --clients 1 --warmup 3s --duration 23s
echo; echo "== through Weir, 32 clients"
threads >"$work/before"
bench --url "$weir" --clients 32 --warmup 3s --duration 33s
threads >"$work/after"
awk '/VmRSS/ {printf "Resident after load: %d MB\n", $2 / 1024}' "/proc/$up/status"
echo; echo "Processor time of Weir's process in that run, warm-up included, by kind of thread:"
join -t'|' "$work/before" "$work/after" | awk -F'|' '{d = $3 - $2; s += d; if (d > 0) print d "|" $1}
  END {print s "|all threads"}' | sort -t'|' -rn | head -n 20 | awk -F'|' '{printf "  %6.2f s  %s\n", $1 / 100, $2}'
