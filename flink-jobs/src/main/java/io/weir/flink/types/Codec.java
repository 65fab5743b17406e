package io.weir.flink.types;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes and reads values that travel between operators and are never kept as state.
 *
 * @param <T> immutable values
 */
public interface Codec<T> extends Serializable {
  /** Writes one value. */
  void write(T value, DataOutputView target) throws IOException;

  /** Reads one value that {@link #write} wrote. */
  T read(DataInputView source) throws IOException;

  /** Another, for another thread. */
  Codec<T> duplicate();
}
