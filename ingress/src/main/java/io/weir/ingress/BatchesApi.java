package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.jobs.JobStore;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.ingress.tenant.Tenants;
import io.weir.routing.batch.BatchSteps;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import io.weir.schemas.RequestClass;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** OpenAI's batches: what there is and is to be. A controller runs them. */
final class BatchesApi {
  private static final int LARGEST_BODY = 64 << 10;
  private static final int MOST_LISTED = 100;
  private static final int USUALLY_LISTED = 20;
  private static final long RETRY_MILLIS = 1_000;

  private final JobStore store;
  private final String source;
  private final Tenants tenants;
  private final MemoryBudget memory = new MemoryBudget(64L * LARGEST_BODY);

  /**
   * @param source where the requests of new batches enter
   */
  BatchesApi(JobStore store, String source, Tenants tenants) {
    this.store = store;
    this.source = source;
    this.tenants = tenants;
  }

  /** Takes a batch in. */
  void create(String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    requireReady();
    if (!tenants.allowsClass(tenant, RequestClass.BATCH)) {
      throw new RefusedException(TenantErrors.classNotAllowed("batch"));
    }
    ClientConnection.current().awaitBody();
    BatchTerms terms;
    try (RequestBody body = RequestBody.receive(request, LARGEST_BODY, memory)) {
      ClientConnection.current().awaitAnswer();
      terms = BatchTerms.of(body.bytes());
    }
    if (store.hasNoRoomForBatches()) {
      throw new RefusedException(
          ApiError.unavailable(
              "batches_exhausted",
              "There are more batches than this ingress has room for; raise ingress.limits.batches.",
              60 * RETRY_MILLIS));
    }
    Instant now = Instant.now();
    try {
      Batch batch = batch(tenant, terms, input(terms, tenant, now), now);
      KafkaUnavailable.asking(
          () -> {
            store.add(batch);
            return batch;
          });
      Responses.json(request, response, JobJson.batch(batch));
    } catch (KafkaUnavailable failure) {
      throw FilesApi.unavailable(failure);
    } catch (InterruptedException e) {
      throw FilesApi.interrupted();
    }
  }

  private FileInfo input(BatchTerms terms, String tenant, Instant now)
      throws RefusedException, InterruptedException {
    Optional<FileInfo> file = store.file(terms.inputFile(), tenant);
    if (file.isEmpty()) {
      throw new RefusedException(
          ApiError.invalid("input_file_id", "There is no file '" + terms.inputFile() + "'."));
    }
    if (!file.get().getPurpose().equals(FileUpload.BATCH)) {
      throw new RefusedException(
          ApiError.invalid("input_file_id", "The file's purpose is not batch."));
    }
    if (file.get().getExpiresAt().isBefore(now.plus(terms.time()))) {
      throw new RefusedException(
          ApiError.invalid("input_file_id", "The file expires before the batch does."));
    }
    return file.get();
  }

  private Batch batch(String tenant, BatchTerms terms, FileInfo input, Instant now) {
    return Batch.newBuilder()
        .setId("batch_" + Ulid.fast())
        .setTenant(tenant)
        .setSource(source)
        .setEndpoint(terms.endpoint())
        .setInput(input)
        .setCompletionWindow(terms.window())
        .setStatus(BatchStatus.VALIDATING)
        .setMetadata(terms.metadata())
        .setErrors(List.of())
        .setCreatedAt(now)
        .setExpiresAt(now.plus(terms.time()))
        .build();
  }

  /** What batches a tenant has, newest first. */
  void list(String tenant, ServerRequest request, ServerResponse response) throws RefusedException {
    requireReady();
    Page<Batch> page =
        Page.of(store.batches(tenant), Batch::getId, request.query(), USUALLY_LISTED, MOST_LISTED);
    Responses.json(request, response, JobJson.batches(page));
  }

  void get(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    Responses.json(request, response, JobJson.batch(find(id, tenant)));
  }

  /** Cancels a batch that has not ended. */
  void cancel(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    Batch batch = find(id, tenant);
    if (BatchSteps.isOver(batch.getStatus()) || batch.getStatus() == BatchStatus.FINALIZING) {
      throw new RefusedException(
          ApiError.invalid(
              409,
              "batch_not_cancellable",
              "A batch that is "
                  + batch.getStatus().name().toLowerCase(Locale.ROOT)
                  + " cannot be cancelled."));
    }
    try {
      if (batch.getStatus() != BatchStatus.CANCELLING) {
        KafkaUnavailable.asking(
            () -> {
              store.cancel(batch);
              return batch;
            });
      }
    } catch (KafkaUnavailable failure) {
      throw FilesApi.unavailable(failure);
    } catch (InterruptedException e) {
      throw FilesApi.interrupted();
    }
    Responses.json(request, response, JobJson.batch(find(id, tenant)));
  }

  private Batch find(String id, String tenant) throws RefusedException {
    requireReady();
    try {
      return store
          .batch(id, tenant)
          .orElseThrow(
              () ->
                  new RefusedException(
                      ApiError.invalid(404, "unknown_batch", "There is no batch '" + id + "'.")));
    } catch (InterruptedException e) {
      throw FilesApi.interrupted();
    }
  }

  private void requireReady() throws RefusedException {
    if (!store.isReady()) {
      throw new RefusedException(
          ApiError.unavailable("not_ready", "The batches are not known here yet.", RETRY_MILLIS));
    }
  }
}
