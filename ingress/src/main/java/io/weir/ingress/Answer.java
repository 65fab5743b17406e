package io.weir.ingress;

import io.weir.routing.answer.AnswerEffect.Deliver;
import java.io.IOException;

/**
 * What is told to one client. Its calls write to the client and wait as long as the client takes.
 */
interface Answer {
  /**
   * A piece of the answer.
   *
   * @throws IOException if the client has gone
   */
  void deliver(Deliver piece) throws IOException;

  /**
   * There will be no (more) answer.
   *
   * @throws IOException if the client has gone
   */
  void fail(ApiError error) throws IOException;

  /**
   * The request still waits.
   *
   * @throws IOException if the client has gone
   */
  void queued(Queued where) throws IOException;

  /** What was delivered is void and another attempt begins; only while it is not under way. */
  default void voided() {}

  /** True once the client has been sent a part of the answer that cannot be taken back. */
  boolean isUnderWay();

  /** True once nothing more is to come. */
  boolean isOver();
}
