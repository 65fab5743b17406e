package io.weir.ingress.reply;

import io.weir.routing.admission.QueuePlace;
import io.weir.schemas.ResponseChunk;
import java.util.Optional;

/** Hears how one request fares, on the threads that find out; must not wait. */
public interface RequestWatch {
  /** Is not interested. */
  RequestWatch NONE =
      new RequestWatch() {
        @Override
        public void acked(int partition, long offset) {}

        @Override
        public void chunk(ResponseChunk chunk) {}

        @Override
        public void left() {}

        @Override
        public Optional<QueuePlace> place() {
          return Optional.empty();
        }
      };

  /** Its record lies here in its lane. */
  void acked(int partition, long offset);

  /** A piece of its answer has come. */
  void chunk(ResponseChunk chunk);

  /** Nobody waits for it here (any more). */
  void left();

  /** Where it stands in its queue, as far as that is known. */
  Optional<QueuePlace> place();
}
