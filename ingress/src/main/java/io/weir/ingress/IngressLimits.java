package io.weir.ingress;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;

/**
 * How much an ingress takes at once.
 *
 * @param body largest request body
 * @param headers largest request headers
 * @param requests requests being answered at once
 * @param connections connections open at once
 * @param bodyMemory bodies being received at once, in total
 * @param liveBuffer answer waiting in memory for one slow client; the rest waits in Kafka
 * @param liveMemory answers waiting in memory for all clients, in total
 * @param refillReaders threads that read answers again, for slow clients and for those that come
 *     back
 * @param jsonDepth deepest nesting of a request body
 * @param produceMemory requests on their way to the brokers
 * @param idempotencyKeys keys known at once, about 600 bytes each; every ingress knows those of all
 * @param lookups requests being asked of the controllers at once
 * @param file largest file
 * @param files files known at once, about 500 bytes each; every ingress knows those of all
 * @param batches batches known at once, about 1 KiB each without metadata; likewise
 * @param fileTransfers files being received or sent at once, up to 3 MiB of memory each
 */
public record IngressLimits(
    @Default("8MiB") DataSize body,
    @Default("32KiB") DataSize headers,
    @Default("20000") int requests,
    @Default("25000") int connections,
    @Default("64MiB") DataSize bodyMemory,
    @Default("256KiB") DataSize liveBuffer,
    @Default("64MiB") DataSize liveMemory,
    @Default("4") int refillReaders,
    @Default("256") int jsonDepth,
    @Default("64MiB") DataSize produceMemory,
    @Default("100000") int idempotencyKeys,
    @Default("64") int lookups,
    @Default("200MiB") DataSize file,
    @Default("100000") int files,
    @Default("20000") int batches,
    @Default("16") int fileTransfers) {
  public IngressLimits {
    positive("requests", requests);
    positive("connections", connections);
    positive("refill-readers", refillReaders);
    positive("json-depth", jsonDepth);
    positive("idempotency-keys", idempotencyKeys);
    positive("lookups", lookups);
    positive("files", files);
    positive("batches", batches);
    positive("file-transfers", fileTransfers);
    atLeast("file", file, new DataSize(1));
    atLeast("body", body, new DataSize(1));
    atLeast("headers", headers, DataSize.kibibytes(1));
    atLeast("body-memory", bodyMemory, body);
    atLeast("live-buffer", liveBuffer, DataSize.kibibytes(4));
    atLeast("live-memory", liveMemory, liveBuffer);
    atLeast("produce-memory", produceMemory, body);
  }

  private static void positive(String key, int value) {
    if (value < 1) {
      throw new ConfigException(key, "must be at least 1, is " + value);
    }
  }

  private static void atLeast(String key, DataSize value, DataSize least) {
    if (value.compareTo(least) < 0 || value.bytes() > Integer.MAX_VALUE / 2) {
      throw new ConfigException(key, "must be " + least + " to 1GiB, is " + value);
    }
  }
}
