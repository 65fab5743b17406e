#!/bin/sh
# Runs benchmarks of routing/: JMH classes by regular expression, or, after "main", a class with a main method.
# Instances on the real map of regions need WEIR_DATA, a folder that holds region-rtt/.
#
#   infra/bench/jmh.sh WeightSolverBenchmark.warm -p size=MEDIUM      JMH's own options follow the expression; -h lists them
#   infra/bench/jmh.sh main io.weir.routing.weights.EpochBenchmark 1000 small medium
set -eu
home=$(cd -P "$(dirname "$0")/../.." && pwd)
out="$home/target/weir"
log="$out/build.log"
needed=21

# The functions of ./weir, so that JDK and Maven are found alike.
eval "$(sed -n '/^[a-z_]*() {$/,/^}$/p' "$home/weir")"
say() { printf '%s\n' "jmh.sh: $*" >&2; }

[ $# -gt 0 ] || fail "name a benchmark, such as WeightSolverBenchmark"
find_jdk
find_maven
mkdir -p "$out"
say "building (the log is $log)"
(cd "$home" && JAVA_HOME="$jdk" "$maven" -B -q -pl routing -am -Dspotless.check.skip test-compile \
  dependency:build-classpath -Dmdep.outputFile=target/test-classpath) >"$log" 2>&1 ||
  fail "the build failed; the log is $log"

main=org.openjdk.jmh.Main
if [ "$1" = main ]; then
  [ $# -gt 1 ] || fail "name the class to run after main"
  main=$2
  shift 2
fi
# shellcheck disable=SC2086 # WEIR_JAVA_OPTS holds several words.
exec "$jdk/bin/java" -Xmx2g ${WEIR_JAVA_OPTS:-} \
  -cp "$home/routing/target/test-classes:$home/routing/target/classes:$(cat "$home/routing/target/test-classpath")" \
  "$main" "$@"
