package io.weir.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.ulid.Ulid;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.Cancellation;
import io.weir.schemas.FileInfo;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import io.weir.schemas.files.FileExtent;
import io.weir.schemas.files.FileReader;
import io.weir.schemas.files.FileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What ingresses and dispatchers do for batches. */
final class BatchStory implements AutoCloseable {
  static final String LANE = Topics.requests("east", "llama", RequestClass.BATCH);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Rig rig;

  /** Whose the batches are. */
  static final String TENANT = "acme";

  private final KafkaProducer<String, SpecificRecord> producer;
  private final List<ConsumerRecord<String, SpecificRecord>> batches;
  private final List<ConsumerRecord<String, SpecificRecord>> files;
  final List<ConsumerRecord<String, SpecificRecord>> lane;
  final AtomicInteger answered = new AtomicInteger();

  BatchStory(Rig rig) {
    this.rig = rig;
    this.producer =
        new KafkaProducer<>(rig.settings().producer(Map.of("acks", "all", "linger.ms", "0")));
    this.batches = rig.follow(Topics.batches());
    this.files = rig.follow(Topics.fileInfos());
    this.lane = rig.follow(LANE);
  }

  /** Lines 0 to n - 1, each of which asks for its own number. */
  static String lines(int count) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, count)
        .forEach(
            i ->
                text.append(
                    """
                    {"custom_id":"line-%d","method":"POST","url":"/v1/chat/completions","body":{"model":"llama","n":1,"user":"%d"}}
                    """
                        .formatted(i, i)));
    return text.toString();
  }

  /** A batch as an ingress would write it. */
  String create(String input) throws IOException, InterruptedException {
    byte[] bytes = input.getBytes(UTF_8);
    String fileId = "file-" + Ulid.fast();
    FileWriter writer = new FileWriter(producer, fileId);
    writer.write(bytes, 0, bytes.length);
    FileExtent extent = writer.finish();
    Instant now = Instant.now();
    FileInfo info =
        new FileInfo(
            fileId,
            TENANT,
            "in.jsonl",
            "batch",
            extent.bytes(),
            now,
            now.plus(Duration.ofDays(30)),
            extent.partition(),
            extent.firstOffset(),
            extent.lastOffset());
    String id = "batch_" + Ulid.fast();
    send(new ProducerRecord<>(Topics.batches(), id, batch(id, info, BatchStatus.VALIDATING)));
    return id;
  }

  private static Batch batch(String id, FileInfo input, BatchStatus status) {
    Instant now = Instant.now();
    return Batch.newBuilder()
        .setId(id)
        .setTenant(TENANT)
        .setSource("east")
        .setEndpoint("/v1/chat/completions")
        .setInput(input)
        .setCompletionWindow("1h")
        .setStatus(status)
        .setCreatedAt(now)
        .setExpiresAt(now.plus(Duration.ofHours(1)))
        .build();
  }

  void cancel(String id) {
    Batch now = find(id).orElseThrow();
    Batch wish =
        Batch.newBuilder(now)
            .setStatus(BatchStatus.CANCELLING)
            .setCancellingAt(Instant.now())
            .build();
    send(new ProducerRecord<>(Topics.batches(), Topics.batchCancellation(id), wish));
  }

  Optional<Batch> find(String id) {
    return batches.stream()
        .filter(record -> record.key().equals(id))
        .map(record -> (Batch) record.value())
        .reduce((first, second) -> second);
  }

  Batch awaitEnd(String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> find(id).filter(batch -> batch.getEndedAt().isPresent()).isPresent());
    return find(id).orElseThrow();
  }

  /** Answers each line with its number, as one dispatcher would. */
  void answerAll() {
    answer(Integer.MAX_VALUE);
  }

  void answer(int most) {
    rig.closing(
        TopicFollower.start(
            rig.settings(),
            "fake-dispatcher",
            List.of(LANE),
            Start.BEGINNING,
            record -> {
              if (answered.get() < most) {
                answer((InferenceRequest) record.value());
                answered.incrementAndGet();
              }
            }));
  }

  /** Ends what is cancelled, as a dispatcher does that holds it. */
  void obeyCancellations() {
    rig.closing(
        TopicFollower.start(
            rig.settings(),
            "fake-canceller",
            List.of(Topics.cancellations("east")),
            Start.BEGINNING,
            record -> {
              Cancellation wish = (Cancellation) record.value();
              InferenceRequest request =
                  lane.stream()
                      .map(each -> (InferenceRequest) each.value())
                      .filter(each -> each.getId().equals(wish.getRequestId()))
                      .findFirst()
                      .orElseThrow();
              write(event(request, LifecycleType.CANCELLED).build());
            }));
  }

  private void answer(InferenceRequest request) {
    String attempt = "a-" + request.getId();
    write(
        event(request, LifecycleType.DISPATCHED)
            .setAttempt(new Attempt(attempt, 1))
            .setEngine("e1")
            .build());
    String body = "{\n \"echo\": " + UTF_8.decode(request.getBody().duplicate()) + "\n}";
    long offset =
        send(
            new ProducerRecord<>(
                request.getReply().getTopic(),
                request.getReply().getPartition(),
                null,
                ResponseChunk.newBuilder()
                    .setRequestId(request.getId())
                    .setAttemptId(attempt)
                    .setAttempt(1)
                    .setHead(
                        ResponseHead.newBuilder()
                            .setStatus(200)
                            .setContentType("application/json")
                            .setEngine("e1")
                            .setQueuedMicros(1)
                            .build())
                    .setData(ByteBuffer.wrap(body.getBytes(UTF_8)))
                    .setFirstSeq(0)
                    .setCount(0)
                    .setEnd(new ResponseEnd(null, null, (long) body.length(), 0L))
                    .build()));
    write(
        event(request, LifecycleType.SUCCEEDED)
            .setAttempt(new Attempt(attempt, 1))
            .setFirstOffset(offset)
            .setLastOffset(offset)
            .build());
  }

  private static LifecycleEvent.Builder event(InferenceRequest request, LifecycleType type) {
    return Story.event(request.getId(), type)
        .setMember("d1")
        .setMemberEpoch(1L)
        .setRequestClass(RequestClass.BATCH)
        .setRequest(
            AcceptedRequest.newBuilder()
                .setReply(request.getReply())
                .setPath(request.getPath())
                .setStream(false)
                .setEnqueuedAt(request.getEnqueuedAt())
                .setExpiresAt(request.getExpiresAt())
                .setPromptTokens(1)
                .setOutputTokens(1)
                .setBodyBytes(1)
                .setWatched(false)
                .setBatch(request.getBatch().orElseThrow())
                .build());
  }

  private void write(LifecycleEvent event) {
    var unused =
        producer.send(new ProducerRecord<>(Topics.lifecycle(), event.getRequestId(), event));
  }

  /** The lines of a file. */
  List<JsonNode> read(Optional<String> fileId) throws IOException {
    if (fileId.isEmpty()) {
      return List.of();
    }
    await()
        .atMost(Rig.PATIENCE)
        .until(() -> files.stream().anyMatch(each -> each.key().equals(fileId.get())));
    FileInfo info =
        files.stream()
            .filter(each -> each.key().equals(fileId.get()))
            .map(each -> (FileInfo) each.value())
            .findFirst()
            .orElseThrow();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (FileReader reader = new FileReader(rig.settings(), "test-reader", Rig.PATIENCE)) {
      FileReader.Cursor cursor = reader.open(info);
      for (Optional<ByteBuffer> part = cursor.next(); part.isPresent(); part = cursor.next()) {
        byte[] bytes = new byte[part.get().remaining()];
        part.get().get(bytes);
        all.writeBytes(bytes);
      }
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Stream.of(all.toString(UTF_8).split("\n")).toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private long send(ProducerRecord<String, SpecificRecord> record) {
    try {
      return producer.send(record).get().offset();
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  /** Writes any record. */
  void write(String topic, String key, SpecificRecord value) throws Exception {
    producer.send(new ProducerRecord<>(topic, key, value)).get();
  }
}
