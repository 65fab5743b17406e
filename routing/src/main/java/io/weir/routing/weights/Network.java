package io.weir.routing.weights;

/**
 * Commodities, engines and the arcs between them, in compressed rows: a problem without its demand.
 * An engine may stand for several equal ones. The arrays are shared and never written.
 *
 * @param occupancy n of each engine (of one member)
 * @param capacity prior weight of each engine (of all members)
 * @param members how many engines each stands for
 * @param shedPrice pi of each commodity, seconds
 * @param rowStart first arc of each commodity, and the number of arcs at the end
 * @param engine where each arc leads
 * @param work a of each arc, engine-seconds
 * @param geography g of each arc, seconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the arrays are columns of a table
record Network(
    double[] occupancy,
    double[] capacity,
    int[] members,
    double[] shedPrice,
    int[] rowStart,
    int[] engine,
    double[] work,
    double[] geography) {

  int engines() {
    return occupancy.length;
  }

  int commodities() {
    return shedPrice.length;
  }

  int arcs() {
    return engine.length;
  }

  Component whole() {
    return new Component(0, commodities(), 0, engines());
  }
}
