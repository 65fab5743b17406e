package io.weir.dispatcher;

/** A request on an engine that may have to give its place to one of class priority. */
interface Preemptible {
  /** Takes the request from its engine, unless something of the answer is on its way already. */
  void preempt();
}
