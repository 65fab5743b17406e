package io.weir.dispatcher;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Source;
import io.weir.routing.fleet.WeightSource;
import io.weir.schemas.Cancellation;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Requeue;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.Topics;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** One test's source and pool on a broker, and everything that is written about its requests. */
final class Rig implements AutoCloseable {
  static final String POOL = "llama";
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Set<LifecycleType> TERMINALS =
      EnumSet.of(
          LifecycleType.SUCCEEDED,
          LifecycleType.FAILED,
          LifecycleType.SHED,
          LifecycleType.EXPIRED,
          LifecycleType.CANCELLED);
  private static final AtomicInteger SOURCES = new AtomicInteger();

  private final KafkaSettings settings;
  private final Source source = new Source("s" + SOURCES.incrementAndGet(), "aws:us-east-1");
  private final List<Engine> engines = new ArrayList<>();
  private final List<Dispatcher> dispatchers = new ArrayList<>();
  private final KafkaProducer<String, InferenceRequest> requests;
  private final KafkaConsumer<String, LifecycleEvent> lifecycle;
  private final KafkaConsumer<String, ResponseChunk> responses;
  private final Map<String, List<LifecycleEvent>> events = new LinkedHashMap<>();
  private final Map<String, List<ConsumerRecord<String, ResponseChunk>>> chunks =
      new LinkedHashMap<>();
  private final KafkaProducer<String, SpecificRecord> said;
  private final Set<String> enginesSaid = new HashSet<>();
  private Pool pool = new Pool(POOL, List.of(), PickPolicy.POWER_OF_TWO);
  private int ids;

  private Rig(KafkaSettings settings) {
    this.settings = settings;
    TopicLayout layout = new TopicLayout(2, 2, 2, -1, TopicLayout.DEFAULT_MAX_RECORD_BYTES);
    try (Admin admin = Admin.create(settings.admin())) {
      TopicCreator.ensure(
          admin, new TopicCatalog(layout).topics(List.of(source.name()), List.of(POOL)));
    }
    SchemaRegistration.registerAll(settings);
    requests = new KafkaProducer<>(settings.producer(Map.of("max.request.size", "10485760")));
    said = new KafkaProducer<>(settings.producer(Map.of("linger.ms", "0")));
    lifecycle = new KafkaConsumer<>(settings.consumer(Map.of()));
    responses = new KafkaConsumer<>(settings.consumer(Map.of()));
    assign(lifecycle, Topics.lifecycle());
    assign(responses, Topics.responses(source.name()));
  }

  static Rig on(EmbeddedKafka kafka) {
    return new Rig(kafka.settings());
  }

  static Rig on(KafkaSettings settings) {
    return new Rig(settings);
  }

  private static void assign(KafkaConsumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions =
        List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  KafkaSettings settings() {
    return settings;
  }

  Source source() {
    return source;
  }

  /** The engines' weights come from the topic. */
  Rig planned() {
    pool = new Pool(POOL, List.of(), PickPolicy.LEAST_COST, WeightSource.FLINK);
    return this;
  }

  /** The engine that costs least, by configured weights. */
  Rig leastCost() {
    pool = new Pool(POOL, List.of(), PickPolicy.LEAST_COST, WeightSource.STATIC);
    return this;
  }

  /** A second engine is asked for late answers of class priority. */
  Rig hedged() {
    pool = pool.hedged();
    return this;
  }

  /** Another engine goes on with interrupted streams. */
  Rig continuing() {
    pool = pool.on(OnInterruption.CONTINUE);
    return this;
  }

  /** The engines added so far go on with a text they are given. */
  Rig enginesContinue() {
    engines.replaceAll(Engine::continuing);
    return this;
  }

  /** An id that no other test on this broker has, since engines are known to all dispatchers. */
  String own(String name) {
    return source.name() + "-" + name;
  }

  /** Says what an engine is to be; taken back when the rig is closed. */
  void say(EngineSpec spec) {
    enginesSaid.add(spec.getId());
    say(Topics.engines(), spec.getId(), spec);
  }

  void say(RoutingWeights table) {
    say(Topics.weights(), table.getSource() + "/" + table.getPool(), table);
  }

  /** Asks for a request to be run again. */
  void say(Requeue requeue) {
    say(Topics.requeues(source.name(), POOL), requeue.getRequestId(), requeue);
  }

  /** A second attempt at a request, which a test changes as it likes. */
  Requeue.Builder requeue(InferenceRequest request, RecordMetadata original) {
    return Requeue.newBuilder()
        .setRequestId(request.getId())
        .setPointer(new RecordPointer(original.topic(), original.partition(), original.offset()))
        .setRequestClass(request.getRequestClass())
        .setAttemptNumber(2)
        .setEnqueuedAt(request.getEnqueuedAt())
        .setExpiresAt(request.getExpiresAt())
        .setReply(request.getReply())
        .setTenant(request.getTenant())
        .setModel(request.getModel());
  }

  /** Writes to the reply partition as an earlier attempt or a controller would. */
  void say(ResponseChunk chunk) {
    try {
      said.send(new ProducerRecord<>(Topics.responses(source.name()), 0, null, chunk)).get();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** Wants a request to end without an answer. */
  void cancel(String id) {
    say(
        Topics.cancellations(source.name()),
        id,
        new Cancellation(id, "deleted", Instant.now(), Instant.now().plusSeconds(300)));
  }

  void removeEngine(String id) {
    say(Topics.engines(), id, null);
  }

  private void say(String topic, String key, SpecificRecord value) {
    try {
      said.send(new ProducerRecord<>(topic, key, value)).get();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  Rig engine(URI url, int maxInFlight) {
    return engine("e" + engines.size(), url, maxInFlight);
  }

  Rig engine(String id, URI url, int maxInFlight) {
    engines.add(
        Configs.with(
            Engine.class,
            Map.of(
                "id",
                id,
                "url",
                url.toString(),
                "pool",
                POOL,
                "max-in-flight",
                Integer.toString(maxInFlight),
                "api-key",
                "secret-" + engines.size())));
    return this;
  }

  Dispatcher dispatch() {
    return dispatch(Configs.defaults(DispatcherConfig.class));
  }

  Dispatcher dispatch(DispatcherConfig config) {
    return dispatch(config, System::nanoTime);
  }

  /** With a clock of the test's for the lease. */
  Dispatcher dispatch(DispatcherConfig config, LongSupplier leaseClock) {
    Fleet fleet = new Fleet(List.of(source), List.of(pool), engines);
    Dispatcher dispatcher = Dispatcher.start(config, fleet, source, settings, leaseClock);
    dispatchers.add(dispatcher);
    Awaitility.await().atMost(PATIENCE).until(dispatcher::isReady);
    return dispatcher;
  }

  /** A request that a test changes as it likes. */
  InferenceRequest.Builder request() {
    String id = source.name() + "-" + ids++;
    return InferenceRequest.newBuilder()
        .setId(id)
        .setTenant("tenant")
        .setSource(source.name())
        .setPool(POOL)
        .setRequestClass(RequestClass.STANDARD)
        .setModel("llama-3-8b")
        .setPath("/v1/chat/completions")
        .setContentType("application/json")
        .setStream(false)
        .setBody(
            ByteBuffer.wrap(
                "{\"model\":\"llama-3-8b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(StandardCharsets.UTF_8)))
        .setAffinity("session")
        .setReply(new ReplyAddress(Topics.responses(source.name()), 0, 0L))
        .setEnqueuedAt(Instant.now())
        .setExpiresAt(Instant.now().plusSeconds(300))
        .setPromptTokens(7)
        .setOutputTokens(16);
  }

  InferenceRequest.Builder stream() {
    return request().setStream(true);
  }

  RecordMetadata send(InferenceRequest request) {
    try {
      return requests
          .send(
              new ProducerRecord<>(
                  Topics.requests(source.name(), POOL, request.getRequestClass()),
                  request.getId(),
                  request))
          .get();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  String sendOne(InferenceRequest.Builder request) {
    InferenceRequest built = request.build();
    send(built);
    return built.getId();
  }

  /** Sends a request and waits for its end. */
  String sendOneAndWait() {
    String id = sendOne(request());
    terminal(id);
    return id;
  }

  /** Reads until something is true. */
  void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what + "; seen " + seen());
      }
      read();
    }
  }

  private Map<String, List<LifecycleType>> seen() {
    Map<String, List<LifecycleType>> seen = new LinkedHashMap<>();
    events.keySet().stream().limit(20).forEach(id -> seen.put(id, types(id)));
    return seen;
  }

  void read() {
    lifecycle
        .poll(Duration.ofMillis(20))
        .forEach(
            record ->
                events.computeIfAbsent(record.key(), any -> new ArrayList<>()).add(record.value()));
    responses
        .poll(Duration.ofMillis(5))
        .forEach(
            record ->
                chunks
                    .computeIfAbsent(record.value().getRequestId(), any -> new ArrayList<>())
                    .add(record));
  }

  LifecycleEvent terminal(String id) {
    until("terminal of " + id, () -> findTerminal(id).isPresent());
    LifecycleEvent terminal = findTerminal(id).orElseThrow();
    long last = terminal.getLastOffset().orElseThrow();
    until("END of " + id, () -> records(id).stream().anyMatch(record -> record.offset() >= last));
    return terminal;
  }

  Optional<LifecycleEvent> findTerminal(String id) {
    return events(id).stream().filter(event -> TERMINALS.contains(event.getType())).findFirst();
  }

  List<LifecycleEvent> events(String id) {
    return events.getOrDefault(id, List.of());
  }

  List<LifecycleType> types(String id) {
    return events(id).stream().map(LifecycleEvent::getType).toList();
  }

  List<ConsumerRecord<String, ResponseChunk>> records(String id) {
    return chunks.getOrDefault(id, List.of());
  }

  List<ResponseChunk> chunks(String id) {
    return records(id).stream().map(ConsumerRecord::value).toList();
  }

  ResponseChunk last(String id) {
    return chunks(id).getLast();
  }

  byte[] body(String id) {
    int length = chunks(id).stream().mapToInt(chunk -> chunk.getData().remaining()).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    chunks(id).forEach(chunk -> all.put(chunk.getData().duplicate()));
    return all.array();
  }

  String text(String id) {
    return new String(body(id), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    dispatchers.forEach(Dispatcher::close);
    enginesSaid.forEach(this::removeEngine);
    said.close();
    requests.close();
    lifecycle.close();
    responses.close();
  }
}
