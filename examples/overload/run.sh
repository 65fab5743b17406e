#!/usr/bin/env bash
# Puts Weir with two slow simulated GPUs under too much load in four ways, and prints what each class and
# tenant got, the memory of Weir's process, and whether it was itself again ten seconds later.
# Everything, load generator included, runs on this machine.
#
#   examples/overload/run.sh [seconds at 2 and 10 times its capacity, default 180; the other two runs take two thirds] [base port, default 18080]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-180}
shorter=$((seconds * 2 / 3))
base=${2:-18080}
capacity=14
work=$(mktemp -d)
trap 'kill "$up" 2>/dev/null; wait "$up" 2>/dev/null; rm -rf "$work"' EXIT

weir=${WEIR:-./weir}
"$weir" --version >/dev/null
: >"$work/up.log"
"$weir" up --config examples/overload/weir.yaml --base-port "$base" --data-dir "$work/data" >"$work/up.log" 2>&1 &
up=$!
until grep -q '^Ready' "$work/up.log"; do
  kill -0 "$up" || { cat "$work/up.log"; exit 1; }
  sleep 0.2
done

resident() { awk -v at="$1" '/VmRSS/ {printf "Resident %s: %d MB\n", at, $2 / 1024}' "/proc/$up/status"; }
bench() {
  "$weir" bench --url "http://127.0.0.1:$base" --poisson --stream --prompt-tokens 768 --output-tokens 64 \
    --max-outstanding 20000 --timeout 90s "$@" 2>"$work/progress" || true
}
mix=(--classes priority=5,standard=55,flex=30,batch=10 --slo-ttft 2s --slo-tpot 100ms --api-key overload-a)
times() { awk -v a="$1" -v b="$2" 'BEGIN {print a * b}'; }
recovery() {
  echo; echo "== after it: half the capacity, from the eleventh second on"
  bench --rate "$(times 0.5 $capacity)" --warmup 10s --duration 20s "${mix[@]}"
}

echo "== warming up: half the capacity, 30 s"
bench --rate "$(times 0.5 $capacity)" --duration 30s "${mix[@]}" | head -n 2
resident "after warming up"

for times in 2 10; do
  echo; echo "== $times times the capacity, $seconds s"
  bench --rate "$(times "$times" $capacity)" --duration "${seconds}s" "${mix[@]}"
  resident "after it"
  recovery
done

echo; echo "== bursts of 1.3 times the capacity, 30 s each, from clients that honour Retry-After"
bench --rate "$(times 0.7 $capacity)" --burst 30s,1.857,30s --duration "${shorter}s" --retry-after \
  --slo-ttft 2s --slo-tpot 100ms --api-key overload-a
resident "after it"

echo; echo "== tenant a sends twenty times its share, b and c theirs"
share=$(times 0.3333 $capacity)
bench --rate "$(times 22 "$share")" --duration "${shorter}s" --tenants a=20,b=1,c=1 \
  --key-file examples/overload/keys --slo-ttft 2s --slo-tpot 100ms
resident "after it"
