package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.Refills;
import io.weir.ingress.reply.ReplyReader;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Source;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a model for one client: from its HTTP request to the end of the answer. */
final class Completions {
  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
  private static final String JSON = "application/json";
  private static final long RETRY_MILLIS = 1_000;

  private final IngressConfig config;
  private final String source;
  private final PoolRouting pools;
  private final BodyScanner scanner;
  private final MemoryBudget bodyMemory;
  private final MemoryBudget liveMemory;
  private final RequestPublisher publisher;
  private final LaneKeys keys;
  private final ReplyReader replies;
  private final Refills refills;
  private final IngressMetrics metrics;

  Completions(
      IngressConfig config,
      Fleet fleet,
      Source source,
      RequestPublisher publisher,
      ReplyReader replies,
      Refills refills,
      IngressMetrics metrics) {
    this.config = config;
    this.source = source.name();
    this.pools = new PoolRouting(fleet);
    this.scanner =
        new BodyScanner(config.limits().body().toIntBytes(), config.limits().jsonDepth());
    this.bodyMemory = new MemoryBudget(config.limits().bodyMemory().bytes());
    this.liveMemory = new MemoryBudget(config.limits().liveMemory().bytes());
    this.publisher = publisher;
    this.keys = new LaneKeys(publisher::partitions, System::nanoTime, metrics.registry());
    this.replies = replies;
    this.refills = refills;
    this.metrics = metrics;
  }

  /** One request's sending: what is needed to await its answer, and not its body. */
  private record Sent(
      Exchange exchange,
      RequestClass requestClass,
      boolean stream,
      ReplyAddress reply,
      Duration expiresIn) {}

  /** Answers one request of a known tenant. */
  void handle(Endpoint endpoint, String tenant, ServerRequest request, ServerResponse response)
      throws IOException {
    long start = System.nanoTime();
    String id = Ulid.fast().toString();
    response.headers().set(Responses.REQUEST_ID, id);
    RequestClass requestClass = RequestClass.STANDARD;
    String outcome = Conversation.CLIENT_GONE;
    int running = metrics.running().incrementAndGet();
    try {
      if (running > config.limits().requests()) {
        throw new RefusedException(
            ApiError.unavailable(
                "overloaded", "Too many requests are running on this ingress.", RETRY_MILLIS));
      }
      Sent sent = send(id, endpoint, tenant, request);
      requestClass = sent.requestClass();
      Conversation conversation = conversation(sent, response);
      try {
        conversation.run();
      } finally {
        replies.remove(sent.exchange());
        outcome = conversation.outcome();
      }
    } catch (RefusedException e) {
      outcome = e.error().weir().reason();
      Responses.refuse(e.error(), id, request, response);
    } catch (ServerConnectionException e) {
      outcome = Conversation.CLIENT_GONE;
      throw e;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("The client left before the end of its request", e);
    } finally {
      metrics.running().decrementAndGet();
      metrics.finished(endpoint, requestClass, outcome, System.nanoTime() - start);
      LOG.debug("request_finished request_id={} outcome={}", id, outcome);
    }
  }

  private Sent send(String id, Endpoint endpoint, String tenant, ServerRequest request)
      throws RefusedException, IOException {
    String contentType = contentType(request);
    Optional<Duration> deadline = deadline(request);
    ClientConnection connection = ClientConnection.current();
    connection.awaitBody();
    try (RequestBody body =
        RequestBody.receive(request, config.limits().body().toIntBytes(), bodyMemory)) {
      connection.awaitAnswer();
      ScannedBody scanned = scanner.scan(body.bytes());
      Duration expiresIn = deadline.orElseGet(() -> config.expiry().of(scanned.requestClass()));
      Optional<String> session = header(request, Responses.SESSION).map(Affinity::ofSession);
      String pool =
          pools
              .pool(scanned.model(), session.orElse(id))
              .orElseThrow(() -> new RefusedException(Models.unknown(scanned.model())));
      String affinity = session.orElseGet(() -> Affinity.ofClient(request.remotePeer().host()));
      String lane = Topics.requests(source, pool, scanned.requestClass());
      // An embedding comes in one piece, whatever the body says.
      boolean stream = scanned.stream() && endpoint.generates();
      Instant now = Instant.now();
      Exchange exchange = new Exchange(id, config.limits().liveBuffer().bytes(), liveMemory);
      replies.register(exchange);
      ReplyAddress reply = replies.address();
      publisher.publish(
          lane,
          keys.of(lane, scanned, body.bytes(), session, id, affinity),
          new InferenceRequest(
              id,
              tenant,
              source,
              pool,
              scanned.requestClass(),
              scanned.model(),
              endpoint.path(),
              contentType,
              stream,
              body.bytes(),
              affinity,
              reply,
              now,
              now.plus(expiresIn),
              scanned.promptTokens(),
              outputTokens(endpoint, scanned),
              header(request, Responses.TRACEPARENT).orElse(null),
              scanned.promptOffset(),
              scanned.promptBytes(),
              true,
              null,
              null),
          exchange);
      return new Sent(exchange, scanned.requestClass(), stream, reply, expiresIn);
    }
  }

  private Conversation conversation(Sent sent, ServerResponse response) {
    Exchange exchange = sent.exchange();
    Answer answer =
        sent.stream()
            ? new EventAnswer(response, exchange.id())
            : new WholeAnswer(response, exchange.id());
    return new Conversation(
        exchange, answer, refills, config, sent.reply().getEndOffset(), sent.expiresIn());
  }

  private int outputTokens(Endpoint endpoint, ScannedBody scanned) {
    if (!endpoint.generates()) {
      return 0;
    }
    return scanned.outputTokens() < 0 ? config.defaultOutputTokens() : scanned.outputTokens();
  }

  private static String contentType(ServerRequest request) throws RefusedException {
    String contentType = header(request, HeaderNames.CONTENT_TYPE).orElse(JSON);
    String media = contentType.split(";", 2)[0].strip();
    if (!media.equalsIgnoreCase(JSON)) {
      throw new RefusedException(
          ApiError.invalid(
              415,
              "unsupported_media_type",
              "The body must be " + JSON + ", not " + media.toLowerCase(Locale.ROOT) + "."));
    }
    return contentType;
  }

  private static Optional<Duration> deadline(ServerRequest request) throws RefusedException {
    Optional<String> given = header(request, Responses.DEADLINE_MS);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration deadline = Duration.ofMillis(Long.parseLong(given.get().strip()));
      if (deadline.isPositive() && deadline.compareTo(RequestExpiry.LONGEST) <= 0) {
        return Optional.of(deadline);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      LOG.trace("bad deadline", e);
    }
    throw new RefusedException(
        ApiError.invalid(
            Responses.DEADLINE_MS.defaultCase(),
            "The header x-weir-deadline-ms must be a whole number of milliseconds from 1 to 86400000."));
  }

  private static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().first(name).filter(value -> !value.isBlank());
  }
}
