package io.weir.routing.engine;

/**
 * Told what an iteration produced, at its end.
 *
 * @param <R> what the caller knows a request by
 */
public interface IterationListener<R> {
  /**
   * A request got one more token.
   *
   * @param request as given to {@link EngineModel#submit}
   * @param tokens how many it has now, from 1
   * @param last whether that was its last; the request has left the engine then
   */
  void token(R request, int tokens, boolean last);
}
