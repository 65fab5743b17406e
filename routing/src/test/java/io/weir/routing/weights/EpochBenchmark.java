package io.weir.routing.weights;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Solves a troubled fleet epoch after epoch, each from the prices of the last, and reports how long
 * that took, by the clock and by the thread's processor time, and how good it was. Arguments:
 * epochs (1000), then sizes (all).
 */
public final class EpochBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double[] UTILISATIONS = {0.6, 0.8, 0.92};
  private static final double UNCERTIFIED = 5e-3;
  private static final int WARM_UP_SOLVES = 20;

  private EpochBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    FleetInstance.Size[] sizes =
        args.length > 1
            ? Arrays.stream(args)
                .skip(1)
                .map(a -> FleetInstance.Size.valueOf(a.toUpperCase(Locale.ROOT)))
                .toArray(FleetInstance.Size[]::new)
            : FleetInstance.Size.values();
    RegionTable table = RegionTable.load();
    System.out.printf("%d regions, %d epochs%n", table.regions().size(), epochs);
    System.out.println(
        "| fleet | u | p50 ms | p90 | p99 | max | cpu p50 | p99 | max | worst gap | > 0.1 % | uncertified | paths |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (FleetInstance.Size size : sizes) {
      for (double utilisation : UTILISATIONS) {
        run(table, size, utilisation, epochs);
      }
    }
  }

  private static void run(
      RegionTable table, FleetInstance.Size size, double utilisation, int epochs) {
    FleetInstance fleet = new FleetInstance(size, table, utilisation, 7);
    EpochWorkload workload = new EpochWorkload(fleet, size.sources, 11);
    WeightSolver solver = new WeightSolver(SolverOptions.DEFAULTS);
    double[] prices = new double[0];
    for (int k = 0; k < WARM_UP_SOLVES; k++) {
      prices = solver.solve(workload.next(), Optional.empty()).prices();
    }
    double[] millis = new double[epochs];
    double[] processor = new double[epochs];
    double worst = 0;
    int missed = 0;
    int uncertified = 0;
    Map<SolvePath, Integer> paths = new EnumMap<>(SolvePath.class);
    for (int k = 0; k < epochs; k++) {
      FlowProblem problem = workload.next();
      long begin = System.nanoTime();
      long processorBegin = THREADS.getCurrentThreadCpuTime();
      Solution solution = solver.solve(problem, Optional.of(prices));
      processor[k] = (THREADS.getCurrentThreadCpuTime() - processorBegin) * 1e-6;
      millis[k] = (System.nanoTime() - begin) * 1e-6;
      prices = solution.prices();
      double gap = solution.certificate().gap();
      worst = Math.max(worst, gap);
      missed += gap > 1e-3 ? 1 : 0;
      uncertified += gap > UNCERTIFIED ? 1 : 0;
      paths.merge(solution.path(), 1, Integer::sum);
    }
    Arrays.sort(millis);
    Arrays.sort(processor);
    System.out.printf(
        "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2e | %d | %d | %s |%n",
        size,
        utilisation,
        percentile(millis, 0.5),
        percentile(millis, 0.9),
        percentile(millis, 0.99),
        millis[epochs - 1],
        percentile(processor, 0.5),
        percentile(processor, 0.99),
        processor[epochs - 1],
        worst,
        missed,
        uncertified,
        paths);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }
}
