package io.weir.controller.batches;

import io.weir.routing.batch.BatchLine;
import io.weir.routing.batch.TenantBucket;
import io.weir.routing.fleet.PoolRouting;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchItem;
import io.weir.schemas.BatchResult;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Makes requests of lines. */
final class LineRecords {
  private static final String JSON = "application/json";
  private static final String EMBEDDINGS = "/v1/embeddings";

  private LineRecords() {}

  /**
   * The record that runs a line; if its model is no more, one that says how it ended.
   *
   * @param reply where answers are written from now on
   */
  static ProducerRecord<String, SpecificRecord> of(
      Batch batch,
      int number,
      BatchLine line,
      PoolRouting pools,
      ReplyAddress reply,
      int defaultOutputTokens,
      Instant now) {
    String id = LineIds.of(batch, number);
    Optional<String> pool = pools.pool(line.scanned().model(), id);
    if (pool.isEmpty()) {
      return new ProducerRecord<>(
          Topics.batchItems(), batch.getId(), unknownModel(batch, number, line, reply, id));
    }
    InferenceRequest request =
        InferenceRequest.newBuilder()
            .setId(id)
            .setTenant(batch.getTenant())
            .setSource(batch.getSource())
            .setPool(pool.get())
            .setRequestClass(RequestClass.BATCH)
            .setModel(line.scanned().model())
            .setPath(batch.getEndpoint())
            .setContentType(JSON)
            .setStream(false)
            .setBody(line.body())
            // Of its own, so that hash affinity spreads a batch over all engines.
            .setAffinity(id)
            .setReply(reply)
            .setEnqueuedAt(now)
            .setExpiresAt(batch.getExpiresAt())
            .setPromptTokens(line.scanned().promptTokens())
            .setOutputTokens(outputTokens(batch, line, defaultOutputTokens))
            .setPromptOffset(line.scanned().promptOffset())
            .setPromptBytes(line.scanned().promptBytes())
            .setWatched(false)
            .setBatch(new BatchItem(batch.getId(), number, line.customId()))
            .build();
    String lane = Topics.requests(batch.getSource(), pool.get(), RequestClass.BATCH);
    return new ProducerRecord<>(lane, TenantBucket.key(batch.getTenant(), id), request);
  }

  private static int outputTokens(Batch batch, BatchLine line, int defaultOutputTokens) {
    if (batch.getEndpoint().equals(EMBEDDINGS)) {
      return 0;
    }
    int limit = line.scanned().outputTokens();
    return limit < 0 ? defaultOutputTokens : limit;
  }

  private static BatchResult unknownModel(
      Batch batch, int number, BatchLine line, ReplyAddress reply, String id) {
    Failure failure =
        new Failure(
            "model_not_found",
            "The model '" + line.scanned().model() + "' does not exist any more.",
            404,
            true,
            false,
            null,
            Map.of());
    return new BatchResult(
        batch.getId(),
        number,
        line.customId(),
        id,
        LifecycleType.FAILED,
        failure,
        reply,
        null,
        null,
        null);
  }

  /** Says that a request was accepted, once it is known where its record lies. */
  static LifecycleEvent accepted(InferenceRequest request, RecordMetadata lies, String member) {
    AcceptedRequest accepted =
        AcceptedRequest.newBuilder()
            .setPointer(new RecordPointer(lies.topic(), lies.partition(), lies.offset()))
            .setReply(request.getReply())
            .setPath(request.getPath())
            .setStream(false)
            .setEnqueuedAt(request.getEnqueuedAt())
            .setExpiresAt(request.getExpiresAt())
            .setPromptTokens(request.getPromptTokens())
            .setOutputTokens(request.getOutputTokens())
            .setBodyBytes(request.getBody().remaining())
            .setWatched(false)
            .setBatch(request.getBatch().orElse(null))
            .build();
    return LifecycleEvent.newBuilder()
        .setRequestId(request.getId())
        .setType(LifecycleType.ACCEPTED)
        .setAt(Instant.now())
        .setMember(member)
        .setSource(request.getSource())
        .setPool(request.getPool())
        .setRequestClass(request.getRequestClass())
        .setTenant(request.getTenant())
        .setModel(request.getModel())
        .setRequest(accepted)
        .build();
  }
}
