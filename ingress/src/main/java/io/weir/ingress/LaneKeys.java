package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.weir.routing.body.ScannedBody;
import io.weir.routing.hash.Hashing;
import io.weir.routing.prefix.EarlyBlock;
import io.weir.routing.prefix.KeySalting;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Utils;

/**
 * Keys requests by the beginning of their prompt, {@code p:<hash>}; those with a short prompt by
 * their session, else by their id. A key that is too much for one partition is split, {@code
 * p:<hash>#<piece>}, and its pieces go to partitions next to each other, since pieces left to their
 * own hashes would often share one.
 */
final class LaneKeys {
  private static final HexFormat HEX = HexFormat.of();

  /** What lanes of a source have seen of late; bounded by the lanes there are. */
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  private final PartitionCount partitionCount;
  private final LongSupplier nanoClock;
  private final Counter salted;

  private record Lane(int partitions, KeySalting salting) {}

  /** Tells how many partitions a lane has, without waiting. */
  interface PartitionCount {
    int of(String lane);
  }

  LaneKeys(PartitionCount partitionCount, LongSupplier nanoClock, MeterRegistry registry) {
    this.partitionCount = partitionCount;
    this.nanoClock = nanoClock;
    this.salted =
        Counter.builder("weir.ingress.keys.salted")
            .description("Requests sent elsewhere than their hot key's own partition")
            .register(registry);
  }

  /**
   * The key of one request.
   *
   * @param body where {@code scanned} was found
   * @param id the request's
   * @param client what stands for the client
   */
  LaneKey of(
      String lane,
      ScannedBody scanned,
      ByteBuffer body,
      Optional<String> session,
      String id,
      String client) {
    if (scanned.promptBytes() < EarlyBlock.BYTES) {
      return LaneKey.plain(session.orElse(id));
    }
    int start = body.arrayOffset() + body.position() + scanned.promptOffset();
    long block = EarlyBlock.hash(body.array(), start, EarlyBlock.BYTES);
    String key = "p:" + HEX.toHexDigits(block);
    Lane seen = lanes.computeIfAbsent(lane, this::lane);
    int pieces = seen.salting().pieces(block);
    if (pieces == 1) {
      return LaneKey.plain(key);
    }
    long companion =
        session.isEmpty() && scanned.promptBytes() >= EarlyBlock.COMPANION_BYTES
            ? EarlyBlock.hash(body.array(), start, EarlyBlock.COMPANION_BYTES)
            : Hashing.of(session.orElse(client));
    int piece = seen.salting().salt(block, pieces, companion);
    if (piece == 0) {
      return LaneKey.plain(key);
    }
    salted.increment();
    // The partition of the unsplit key is the default partitioner's.
    int own = Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % seen.partitions();
    return new LaneKey(key + "#" + piece, OptionalInt.of((own + piece) % seen.partitions()));
  }

  private Lane lane(String name) {
    int partitions = partitionCount.of(name);
    return new Lane(partitions, new KeySalting(partitions, nanoClock));
  }
}
