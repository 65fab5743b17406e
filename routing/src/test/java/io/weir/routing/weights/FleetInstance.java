package io.weir.routing.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A made-up fleet on a real map: sources and engines in cloud regions, models by Zipf's law, three
 * speeds of GPU, and for each commodity the sixteen nearest engine groups of its model and eight
 * spread over the rest. Total demand of a model is a given share of its total capacity.
 */
public final class FleetInstance {
  /** Sizes, as sources × engines. */
  public enum Size {
    SMALL(10, 20, 2),
    MEDIUM(100, 1000, 8),
    LARGE(1000, 10_000, 40);

    final int sources;
    private final int engines;
    private final int models;

    Size(int sources, int engines, int models) {
      this.sources = sources;
      this.engines = engines;
      this.models = models;
    }

    @Override
    public String toString() {
      return sources + "x" + engines;
    }
  }

  private static final double[] SPEED = {1.0, 0.55, 2.1};
  private static final int NEAREST = 16;
  private static final int SPREAD = 8;
  private static final double OUTPUT_TOKENS = 250;
  private static final double SHED_PRICE_SECONDS = 600;
  private static final double SECONDS_PER_DOLLAR = 2000;
  private static final double GB_PER_REQUEST = 2e-5;

  private record Group(int model, int region, int gpu, List<Integer> members) {}

  private record Link(Group group, double geographySeconds) {}

  private final Size size;
  private final double[] work;
  private final Group[] groupOf;
  private final List<Double> rates = new ArrayList<>();
  private final List<List<Link>> links = new ArrayList<>();

  /**
   * Draws a fleet.
   *
   * @param utilisation demand over capacity
   */
  FleetInstance(Size size, RegionTable table, double utilisation, long seed) {
    this.size = size;
    Random random = new Random(seed);
    int regions = table.regions().size();
    work = new double[size.models];
    double[] zipf = new double[size.models];
    for (int m = 0; m < size.models; m++) {
      work[m] = 0.05 * Math.exp(2.2 * random.nextDouble());
      zipf[m] = 1.0 / (m + 1);
    }
    groupOf = new Group[size.engines];
    double[] capacity = new double[size.models];
    List<TreeMap<Integer, Group>> groups = new ArrayList<>();
    for (int m = 0; m < size.models; m++) {
      groups.add(new TreeMap<>());
    }
    for (int e = 0; e < size.engines; e++) {
      int model = e < 4 * size.models ? e % size.models : draw(zipf, random);
      int region = random.nextInt(regions);
      int gpu = random.nextInt(SPEED.length);
      groupOf[e] =
          groups
              .get(model)
              .computeIfAbsent(
                  region * SPEED.length + gpu,
                  k -> new Group(model, region, gpu, new ArrayList<>()));
      groupOf[e].members().add(e);
      capacity[model] += SPEED[gpu] / work[model];
    }
    int[] home = random.ints(size.sources, 0, regions).toArray();
    double[] share = random.doubles(size.sources).map(x -> Math.exp(3 * (x - 0.5))).toArray();
    double total = Arrays.stream(share).sum();
    for (int m = 0; m < size.models; m++) {
      List<Group> ofModel = List.copyOf(groups.get(m).values());
      for (int s = 0; s < size.sources; s++) {
        rates.add(utilisation * capacity[m] * share[s] / total);
        links.add(eligible(table, home[s], ofModel));
      }
    }
  }

  /** Offered rate of each commodity; the source is the index modulo the number of sources. */
  double[] rates() {
    return rates.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A health of 1 for every engine. */
  double[] healthy() {
    double[] health = new double[size.engines];
    Arrays.fill(health, 1);
    return health;
  }

  /**
   * The problem.
   *
   * @param health speed of each engine as a fraction of what it should be
   */
  FlowProblem problem(double[] health) {
    FlowProblemBuilder builder = FlowProblem.builder();
    for (int e = 0; e < size.engines; e++) {
      Group group = groupOf[e];
      double a = work[group.model()] / SPEED[group.gpu()];
      double iteration = 0.008 * Math.sqrt(work[group.model()] / 0.05) / SPEED[group.gpu()];
      builder.engine(iteration * OUTPUT_TOKENS / a, health[e] / a);
    }
    for (int c = 0; c < rates.size(); c++) {
      builder.commodity(rates.get(c), SHED_PRICE_SECONDS);
      for (Link link : links.get(c)) {
        double a = work[link.group().model()] / SPEED[link.group().gpu()];
        for (int e : link.group().members()) {
          builder.arc(c, e, a / health[e], link.geographySeconds());
        }
      }
    }
    return builder.build();
  }

  private static List<Link> eligible(RegionTable table, int home, List<Group> groups) {
    List<Group> rest = new ArrayList<>(groups);
    rest.sort(Comparator.comparingDouble(g -> table.rttMillis(home, g.region())));
    List<Group> near = rest.subList(0, Math.min(NEAREST, rest.size()));
    List<Group> chosen = new ArrayList<>(near);
    near.clear();
    Random spread = new Random(home);
    for (int k = 0; k < SPREAD && !rest.isEmpty(); k++) {
      chosen.add(rest.remove(spread.nextInt(rest.size())));
    }
    return chosen.stream().map(g -> new Link(g, geography(table, home, g.region()))).toList();
  }

  private static double geography(RegionTable table, int home, int region) {
    return 1e-3 * table.rttMillis(home, region)
        + SECONDS_PER_DOLLAR * GB_PER_REQUEST * table.dollarsPerGb(region, home);
  }

  private static int draw(double[] share, Random random) {
    double at = random.nextDouble() * Arrays.stream(share).sum();
    int k = 0;
    while (k < share.length - 1 && at >= share[k]) {
      at -= share[k++];
    }
    return k;
  }
}
