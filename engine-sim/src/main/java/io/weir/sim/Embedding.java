package io.weir.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.SplittableRandom;

/** A vector of length one that follows from a text's fingerprint. */
final class Embedding {
  /** Largest number of dimensions served. */
  static final int MAX_DIMENSIONS = 8192;

  private Embedding() {}

  static float[] of(long fingerprint, int dimensions) {
    SplittableRandom random = new SplittableRandom(fingerprint);
    double[] raw = new double[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      raw[i] = random.nextDouble() * 2 - 1;
      squares += raw[i] * raw[i];
    }
    double norm = Math.sqrt(squares);
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (raw[i] / norm);
    }
    return vector;
  }

  static void writeNumbers(float[] vector, JsonBuffer json) {
    json.raw("[");
    for (int i = 0; i < vector.length; i++) {
      json.raw(i == 0 ? "" : ",").raw(Float.toString(vector[i]));
    }
    json.raw("]");
  }

  /** Little-endian 32-bit floats, as OpenAI does it. */
  static void writeBase64(float[] vector, JsonBuffer json) {
    ByteBuffer floats =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : vector) {
      floats.putFloat(value);
    }
    json.raw("\"").raw(Base64.getEncoder().encode(floats.array())).raw("\"");
  }
}
