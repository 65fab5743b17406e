package io.weir.routing.weights;

/**
 * An independent part of a reduced problem: commodities and engines that share arcs with nothing
 * else. Each range ends before its second number.
 */
record Component(int firstCommodity, int endCommodity, int firstEngine, int endEngine) {
  int engines() {
    return endEngine - firstEngine;
  }
}
