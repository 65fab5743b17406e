package io.weir.routing.prefix;

import io.weir.routing.hash.Hashing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The beginning of a prompt, by which requests are keyed: those that begin alike meet at the same
 * dispatcher, whose prefix index then knows all that any other could.
 *
 * <p>{@value #BYTES} bytes of the prompt's JSON value are about 256 tokens. That is more than the
 * system prompts of most applications, so that it takes in the first words of the conversation and
 * tells conversations apart, which a smaller block would not; and a shorter prompt has less than
 * 256 tokens of prefill to save (17 ms on an A100 with an 8B model), which is not worth a place.
 * Longer common beginnings make a hot key, which {@link KeySalting} splits by {@value
 * #COMPANION_BYTES} bytes.
 */
public final class EarlyBlock {
  /** Length of the block. */
  public static final int BYTES = 1024;

  /** Length of what tells requests of one block apart, where nothing better does. */
  public static final int COMPANION_BYTES = 4 * BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EarlyBlock() {}

  /**
   * Hash of a number of bytes, the same on every machine.
   *
   * @param length a multiple of 8
   */
  public static long hash(byte[] bytes, int offset, int length) {
    long hash = length;
    for (int i = offset; i < offset + length; i += Long.BYTES) {
      hash = Hashing.mix(hash ^ (long) LONGS.get(bytes, i));
    }
    return hash;
  }
}
