#!/bin/sh
# Every role as a process of its own: a broker, two engines, a controller, a dispatcher and an ingress for each source,
# and the weights job.
# Ctrl-C stops them all, in the order in which they need each other. Arguments go to every role, such as
# --base-port 18080. Logs are in $LOGS, the folder logs beside this script otherwise.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
weir=${WEIR:-$here/../../weir}
logs=${LOGS:-$here/logs}
data=${DATA:-$here/data}
started=

# Starts a role under a name and waits until it says that it is ready.
role() {
  name=$1
  shift
  "$weir" "$@" --config "$here/weir.yaml" >"$logs/$name.out" 2>"$logs/$name.log" &
  pid=$!
  started="$pid $started"
  until grep -q '^Ready' "$logs/$name.out"; do
    if ! kill -0 "$pid" 2>/dev/null; then
      echo "$name did not start:" >&2
      tail -n 5 "$logs/$name.log" >&2
      exit 1
    fi
    sleep 0.2
  done
  cat "$logs/$name.out" | grep '^Ready'
}

# The last started goes first.
stop() {
  trap - EXIT INT TERM
  for pid in $started; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  exit "$1"
}

mkdir -p "$logs"
trap 'stop 1' EXIT
trap 'stop 0' INT TERM
# Builds once, before several roles would.
"$weir" --version >/dev/null
role broker broker --data-dir "$data" "$@"
role engines engine-sim "$@"
role controller controller "$@"
for source in us-east eu-west; do
  role "dispatcher-$source" dispatcher --source "$source" "$@"
  role "ingress-$source" ingress --source "$source" "$@"
done
role weights-job weights-job "$@"
echo "All roles are ready. Stop them with Ctrl-C."
wait
