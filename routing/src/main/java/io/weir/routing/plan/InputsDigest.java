package io.weir.routing.plan;

import io.weir.routing.weights.FlowProblem;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash of everything the solver was given: equal digests mean equal problems. */
final class InputsDigest {
  private static final int BYTES = 8;

  private InputsDigest() {}

  /** 16 hexadecimal digits of SHA-256. */
  static String of(PoolProblem problem) {
    MessageDigest digest = sha256();
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                new DigestOutputStream(OutputStream.nullOutputStream(), digest)))) {
      write(problem, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static void write(PoolProblem problem, DataOutputStream out) throws IOException {
    PlanInputs inputs = problem.inputs();
    out.writeUTF(inputs.pool());
    out.writeLong(inputs.policy().tau().toNanos());
    for (SourceRegion source : inputs.sources()) {
      out.writeUTF(source.source());
    }
    for (int column : problem.columns()) {
      out.writeUTF(inputs.engines().get(column).id());
    }
    FlowProblem flow = problem.flow();
    for (int e = 0; e < flow.engines(); e++) {
      out.writeDouble(flow.occupancy(e));
      out.writeDouble(flow.capacity(e));
    }
    for (int c = 0; c < flow.commodities(); c++) {
      out.writeInt(problem.commodities().get(c).source());
      out.writeUTF(problem.commodities().get(c).requestClass().name());
      out.writeDouble(flow.rate(c));
      out.writeDouble(flow.shedPriceSeconds(c));
    }
    for (int arc = 0; arc < flow.arcs(); arc++) {
      out.writeDouble(flow.workSeconds(arc));
      out.writeDouble(flow.geographySeconds(arc));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
