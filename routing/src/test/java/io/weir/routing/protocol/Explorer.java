package io.weir.routing.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Visits every state that can be reached, breadth first, so that a trace that is found is a
 * shortest one. States are told apart by 128 bits of hash.
 */
final class Explorer {
  private static final int MOST_STEPS = 3_000;

  private final Map<Hash, Integer> numbers = new HashMap<>();
  private final List<Integer> parents = new ArrayList<>();
  private final List<String> moves = new ArrayList<>();
  private final List<int[]> progress = new ArrayList<>();
  private final BitSet done = new BitSet();

  private record Hash(long one, long other) {
    static Hash of(String text) {
      long one = 0xcbf29ce484222325L;
      long other = 17;
      for (int i = 0; i < text.length(); i++) {
        one = (one ^ text.charAt(i)) * 0x100000001b3L;
        other = other * 0x9e3779b97f4a7c15L + text.charAt(i);
        other ^= other >>> 29;
      }
      return new Hash(one, other);
    }
  }

  private Explorer() {}

  /**
   * Explores a scenario to its end.
   *
   * @return the number of states
   * @throws Violation with the trace that leads to it, if a state is wrong, if there is one from
   *     which not everything accepted can come to its end without another fault, or if there are
   *     more than {@code most}
   */
  static int explore(Scenario scenario, int most) {
    Explorer explorer = new Explorer();
    boolean all = explorer.visit(new World(scenario), most);
    Violation.unless(all, "more than " + most + " states");
    explorer.everyStateLeadsToTheEnd();
    return explorer.numbers.size();
  }

  /**
   * Explores the states that are the fewest moves away.
   *
   * @return the number of states
   * @throws Violation with the trace that leads to it, if one of them is wrong
   */
  static int exploreNearest(Scenario scenario, int most) {
    Explorer explorer = new Explorer();
    explorer.visit(new World(scenario), most);
    return explorer.numbers.size();
  }

  /** False if there are more than so many states. */
  private boolean visit(World first, int most) {
    ArrayDeque<World> frontier = new ArrayDeque<>();
    number(first, -1, "start");
    frontier.add(first);
    for (int state = 0; !frontier.isEmpty(); state++) {
      if (numbers.size() > most) {
        return false;
      }
      World world = frontier.remove();
      int[] to = new int[8];
      int count = 0;
      for (Move move : world.moves()) {
        World next = after(world, state, move);
        int known = numbers.size();
        int number = number(next, state, move.name());
        if (number == known) {
          frontier.add(next);
        }
        if (move.kind() == Move.Kind.PROGRESS) {
          to = count == to.length ? Arrays.copyOf(to, 2 * count) : to;
          to[count++] = number;
        }
      }
      progress.add(Arrays.copyOf(to, count));
    }
    return true;
  }

  private World after(World world, int state, Move move) {
    try {
      return world.after(move);
    } catch (Violation e) {
      throw new Violation(e.getMessage() + " after\n" + trace(state) + "\n  " + move.name());
    }
  }

  private int number(World world, int parent, String move) {
    Hash hash = Hash.of(world.toString());
    Integer known = numbers.get(hash);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    numbers.put(hash, number);
    parents.add(parent);
    moves.add(move);
    done.set(number, world.isDone());
    return number;
  }

  private void everyStateLeadsToTheEnd() {
    List<List<Integer>> from = new ArrayList<>(Collections.nCopies(progress.size(), List.of()));
    for (int state = 0; state < progress.size(); state++) {
      for (int next : progress.get(state)) {
        List<Integer> before = from.get(next).isEmpty() ? new ArrayList<>(2) : from.get(next);
        before.add(state);
        from.set(next, before);
      }
    }
    BitSet good = (BitSet) done.clone();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    good.stream().forEach(open::add);
    while (!open.isEmpty()) {
      for (int before : from.get(open.remove())) {
        if (!good.get(before)) {
          good.set(before);
          open.add(before);
        }
      }
    }
    int stuck = good.nextClearBit(0);
    Violation.unless(
        stuck >= progress.size(), () -> "a request never comes to its end after\n" + trace(stuck));
  }

  private String trace(int state) {
    List<String> steps = new ArrayList<>();
    for (int at = state; at > 0; at = parents.get(at)) {
      steps.add("  " + moves.get(at));
    }
    Collections.reverse(steps);
    return String.join("\n", steps);
  }

  /**
   * Goes one way at random, faults and all, until all is done.
   *
   * @return the number of moves
   * @throws Violation with the way and its seed
   */
  static int walk(Scenario scenario, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    World world = new World(scenario);
    List<String> trace = new ArrayList<>();
    while (!world.isDone()) {
      Violation.unless(
          trace.size() < MOST_STEPS, () -> "no end: seed " + seed + String.join("\n", trace));
      List<Move> moves = world.moves();
      Violation.unless(
          !moves.isEmpty(), () -> "stuck: seed " + seed + "\n" + String.join("\n", trace));
      Move move = moves.get(random.nextInt(moves.size()));
      trace.add("  " + move.name());
      try {
        world = world.after(move);
      } catch (Violation e) {
        throw new Violation(
            e.getMessage() + " with seed " + seed + " after\n" + String.join("\n", trace));
      }
    }
    return trace.size();
  }
}
