package io.weir.schemas;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of topics. */
public final class Topics {
  private static final String REQUESTS = "weir.requests.";
  private static final String RESPONSES = "weir.responses.";
  private static final String REQUEUES = "weir.requeues.";
  private static final String CANCELLATIONS = "weir.cancellations.";
  private static final String BATCH_CANCELLATION = "/cancel";
  private static final String LIFECYCLE = "weir.lifecycle";

  /** No dots, so that a name can be taken apart again; 63 keeps every topic under Kafka's 249. */
  private static final Pattern PART = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Topics() {}

  /**
   * The lane of one source, pool and class.
   *
   * @throws IllegalArgumentException if a name cannot be part of a topic name
   */
  public static String requests(String source, String pool, RequestClass requestClass) {
    return REQUESTS
        + part("source", source)
        + "."
        + part("pool", pool)
        + "."
        + requestClass.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Where the answers to one source's requests are written.
   *
   * @throws IllegalArgumentException if the name cannot be part of a topic name
   */
  public static String responses(String source) {
    return RESPONSES + part("source", source);
  }

  /**
   * Requests of one source and pool that are to be run again.
   *
   * @throws IllegalArgumentException if a name cannot be part of a topic name
   */
  public static String requeues(String source, String pool) {
    return REQUEUES + part("source", source) + "." + part("pool", pool);
  }

  /**
   * Requests of one source that are to end without an answer, by request id.
   *
   * @throws IllegalArgumentException if the name cannot be part of a topic name
   */
  public static String cancellations(String source) {
    return CANCELLATIONS + part("source", source);
  }

  /** Which request an idempotency key stands for, by a hash of tenant and key. */
  public static String idempotency() {
    return "weir.idempotency";
  }

  /** Parts of files, by the file's id. */
  public static String files() {
    return "weir.files";
  }

  /** What files there are, by id. */
  public static String fileInfos() {
    return "weir.file-infos";
  }

  /** Batch jobs, by id. */
  public static String batches() {
    return "weir.batches";
  }

  /** Key of the record by which a batch job is cancelled. */
  public static String batchCancellation(String batchId) {
    return batchId + BATCH_CANCELLATION;
  }

  /** The batch job that the record with this key cancels; empty if it is a batch job's own. */
  public static Optional<String> cancelledBatch(String key) {
    return key.endsWith(BATCH_CANCELLATION)
        ? Optional.of(key.substring(0, key.length() - BATCH_CANCELLATION.length()))
        : Optional.empty();
  }

  /** How the lines of batch jobs ended, by the job's id. */
  public static String batchItems() {
    return "weir.batch-items";
  }

  /** Requests that were given up after too many attempts, by id. */
  public static String deadLetters() {
    return "weir.dead-letters";
  }

  /** Every step of every request's life. */
  public static String lifecycle() {
    return LIFECYCLE;
  }

  /**
   * The Kafka Streams application that keeps the state of requests; its internal topics and its
   * group are named after it.
   */
  public static String requestStateApplication() {
    return "weir-requests";
  }

  /** The state of every request, by id, as the controllers' stores have it. */
  public static String requestStates() {
    return requestStateApplication() + "-states-changelog";
  }

  /** Results that are still to be posted, by request id, as the controllers' stores have them. */
  public static String pendingCallbacks() {
    return requestStateApplication() + "-callbacks-changelog";
  }

  /** What tenants used up on the days of a month, as the controllers' stores have it. */
  public static String spentDays() {
    return requestStateApplication() + "-spending-changelog";
  }

  /** Who may send requests, by tenant's name. */
  public static String tenants() {
    return "weir.tenants";
  }

  /** The keys that tenants' clients send, by the key's id. */
  public static String tenantKeys() {
    return "weir.tenant-keys";
  }

  /** What tenants used up, by {@code tenant/period/begin/partition}. */
  public static String tenantSpend() {
    return "weir.tenant-spend";
  }

  /** Who is alive. */
  public static String members() {
    return "weir.members";
  }

  /** The engines as the fleet's owner wants them, by id. */
  public static String engines() {
    return "weir.engines";
  }

  /** Distances, by {@code from|to}. */
  public static String geography() {
    return "weir.geography";
  }

  /** What engines say about themselves, by id. */
  public static String telemetry() {
    return "weir.telemetry";
  }

  /** The weights in force, by {@code source/pool}. */
  public static String weights() {
    return "weir.weights";
  }

  /** All weights there were, with what they were solved from. */
  public static String weightsHistory() {
    return "weir.weights-history";
  }

  /** True if the topic is a lane. */
  static boolean isRequests(String topic) {
    return topic.startsWith(REQUESTS);
  }

  /** True if the topic is one of many with the same kind of record. */
  static boolean isOfFamily(String topic) {
    return isRequests(topic)
        || topic.startsWith(RESPONSES)
        || topic.startsWith(REQUEUES)
        || topic.startsWith(CANCELLATIONS);
  }

  private static String part(String what, String name) {
    if (!PART.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The %s name '%s' cannot be part of a topic name: use 1 to 63 lower-case letters, digits and inner hyphens."
              .formatted(what, name));
    }
    return name;
  }
}
