package io.weir.ingress;

import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.ServerRequest;
import io.weir.ingress.admission.AdmissionControl;
import io.weir.ingress.admission.Arrival;
import io.weir.ingress.admission.Entry;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.idempotency.Idempotency;
import io.weir.ingress.idempotency.KeyHash;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.ReplyReader;
import io.weir.ingress.reply.RequestWatch;
import io.weir.ingress.tenant.ChargedWatch;
import io.weir.ingress.tenant.Pass;
import io.weir.ingress.tenant.Tenants;
import io.weir.routing.body.BodyException;
import io.weir.routing.body.BodyScanner;
import io.weir.routing.body.ScannedBody;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.PoolRouting;
import io.weir.routing.fleet.Source;
import io.weir.routing.limit.Charge;
import io.weir.routing.limit.LimitVerdict;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.IdempotentRequest;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Takes requests in: from the body of an HTTP request to the record that is sent to its lane. */
final class Intake {
  private static final long RETRY_MILLIS = 1_000;

  /** How long, and how often, a key that another ingress has taken is looked for. */
  private static final long NEWS_NANOS = Duration.ofSeconds(3).toNanos();

  private static final long NEWS_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  private final IngressConfig config;
  private final String source;
  private final PoolRouting pools;
  private final BodyScanner scanner;
  private final MemoryBudget bodyMemory;
  private final MemoryBudget liveMemory;
  private final RequestPublisher publisher;
  private final LaneKeys keys;
  private final Tenants tenants;
  private final AdmissionControl admission;
  private final ShedLog sheds;
  private final ClassTargets targets;
  private final ReplyReader replies;
  private final Idempotency idempotency;

  Intake(
      IngressConfig config,
      Fleet fleet,
      Source source,
      RequestPublisher publisher,
      Tenants tenants,
      AdmissionControl admission,
      ShedLog sheds,
      ReplyReader replies,
      MemoryBudget liveMemory,
      Idempotency idempotency,
      IngressMetrics metrics) {
    this.config = config;
    this.source = source.name();
    this.pools = new PoolRouting(fleet);
    this.scanner =
        new BodyScanner(config.limits().body().toIntBytes(), config.limits().jsonDepth());
    this.bodyMemory = new MemoryBudget(config.limits().bodyMemory().bytes());
    this.liveMemory = liveMemory;
    this.publisher = publisher;
    this.keys = new LaneKeys(publisher::partitions, System::nanoTime, metrics.registry());
    this.tenants = tenants;
    this.admission = admission;
    this.sheds = sheds;
    this.targets = fleet.service().targets();
    this.replies = replies;
    this.idempotency = idempotency;
  }

  /** What became of an HTTP request. */
  sealed interface Taken {
    /** The class it runs in, or would. */
    RequestClass requestClass();

    /**
     * It is on its way to its lane: what is needed to await its answer, and not its body.
     *
     * @param exchange hears how the sending went, and the answer's chunks if somebody waits
     * @param claim its idempotency key's hash and record, if it has one
     */
    record Sent(
        Endpoint endpoint,
        Exchange exchange,
        RequestClass requestClass,
        Attendance attendance,
        String model,
        boolean stream,
        ReplyAddress reply,
        Duration expiresIn,
        Instant expiresAt,
        Optional<KeyClaim> claim)
        implements Taken {
      boolean isAnsweredAtOnce() {
        return attendance.isAnsweredAtOnce(stream);
      }
    }

    /** It is a repetition of this one. */
    record Repeated(
        RequestClass requestClass, Attendance attendance, String model, IdempotentRequest first)
        implements Taken {}
  }

  /** A key that is to be taken for a request. */
  record KeyClaim(String key, IdempotentRequest request) {}

  private record Keyed(String key, String digest) {}

  /**
   * Takes a request in.
   *
   * @param headers of the answer, which tell how the tenant stands with its limits
   * @throws RefusedException if it is not taken
   * @throws IOException if the client breaks off
   */
  Taken take(
      String id,
      Endpoint endpoint,
      String tenant,
      RequestTerms terms,
      ServerRequest request,
      ServerResponseHeaders headers)
      throws RefusedException, IOException {
    ClientConnection connection = ClientConnection.current();
    connection.awaitBody();
    try (RequestBody body =
        RequestBody.receive(request, config.limits().body().toIntBytes(), bodyMemory)) {
      connection.awaitAnswer();
      ScannedBody scanned = scan(body.bytes());
      Attendance attendance = attendance(endpoint, terms, scanned);
      Optional<Keyed> keyed =
          terms
              .key()
              .map(
                  key ->
                      new Keyed(
                          KeyHash.ofKey(tenant, key),
                          KeyHash.ofBody(endpoint.path(), body.bytes())));
      if (keyed.isPresent()) {
        Optional<IdempotentRequest> first =
            terms.after().isPresent() ? known(keyed.get()) : first(keyed.get());
        if (first.isPresent()) {
          return new Taken.Repeated(
              scanned.requestClass(), attendance, scanned.model(), first.get());
        }
      }
      if (terms.after().isPresent()) {
        throw new RefusedException(AnswerErrors.noSuchEvent());
      }
      String client = request.remotePeer().host();
      return send(
          id, endpoint, tenant, terms, attendance, client, scanned, body.bytes(), keyed, headers);
    }
  }

  private ScannedBody scan(ByteBuffer body) throws RefusedException {
    try {
      return scanner.scan(body);
    } catch (BodyException wrong) {
      throw new RefusedException(ApiError.of(wrong));
    }
  }

  /** Who waits, if the request can be run and its terms fit. */
  private static Attendance attendance(Endpoint endpoint, RequestTerms terms, ScannedBody scanned)
      throws RefusedException {
    if (endpoint == Endpoint.RESPONSES && scanned.engineState().isPresent()) {
      throw new RefusedException(ResponseErrors.engineState(scanned.engineState().get()));
    }
    if (terms.async()) {
      return Attendance.ASYNC;
    }
    if (endpoint == Endpoint.RESPONSES && scanned.background()) {
      return Attendance.BACKGROUND;
    }
    terms.requireNoCallback();
    return Attendance.CLIENT;
  }

  /** Who has had an event of the answer has sent the key before: only this ingress may not know. */
  private Optional<IdempotentRequest> known(Keyed keyed) throws RefusedException {
    long start = System.nanoTime();
    Optional<IdempotentRequest> first = first(keyed);
    while (first.isEmpty() && System.nanoTime() - start < NEWS_NANOS) {
      LockSupport.parkNanos(NEWS_EVERY_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        return first;
      }
      first = first(keyed);
    }
    return first;
  }

  private Optional<IdempotentRequest> first(Keyed keyed) throws RefusedException {
    return switch (find(keyed.key())) {
      case Idempotency.Lookup.Taken(IdempotentRequest first) -> {
        requireSame(first, keyed.digest());
        yield Optional.of(first);
      }
      case Idempotency.Lookup.Free free -> Optional.empty();
      case Idempotency.Lookup.NotReady notReady ->
          throw new RefusedException(
              ApiError.unavailable(
                  "not_ready", "The idempotency keys are not known here yet.", RETRY_MILLIS));
      case Idempotency.Lookup.NoRoom noRoom ->
          throw new RefusedException(
              ApiError.unavailable(
                  "idempotency_keys_exhausted",
                  "There are more idempotency keys than this ingress has room for; raise ingress.limits.idempotency-keys, or send the request without a key.",
                  60 * RETRY_MILLIS));
    };
  }

  private Idempotency.Lookup find(String key) {
    try {
      return idempotency.find(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Idempotency.Lookup.NotReady();
    }
  }

  /**
   * Lets a repetition through only if it asks for the same.
   *
   * @throws RefusedException with 409 if it does not
   */
  static void requireSame(IdempotentRequest first, String digest) throws RefusedException {
    if (!first.getDigest().equals(digest)) {
      throw new RefusedException(
          ApiError.invalid(
                  409,
                  "idempotency_conflict",
                  "This Idempotency-Key was used for another request before; use a new key.")
              .withParam(Responses.IDEMPOTENCY_KEY.defaultCase()));
    }
  }

  private Taken send(
      String id,
      Endpoint endpoint,
      String tenant,
      RequestTerms terms,
      Attendance attendance,
      String client,
      ScannedBody scanned,
      ByteBuffer body,
      Optional<Keyed> keyed,
      ServerResponseHeaders headers)
      throws RefusedException {
    Duration expiresIn =
        terms.deadline().orElseGet(() -> config.expiry().of(scanned.requestClass()));
    Optional<String> session = terms.session().map(Affinity::ofSession);
    String pool =
        pools
            .pool(scanned.model(), session.orElse(id))
            .orElseThrow(() -> new RefusedException(Models.unknown(scanned.model())));
    String affinity = session.orElseGet(() -> Affinity.ofClient(client));
    String lane = Topics.requests(source, pool, scanned.requestClass());
    // An embedding comes in one piece, whatever the body says.
    boolean stream = scanned.stream() && endpoint.generates();
    Instant now = Instant.now();
    Instant expiresAt = now.plus(expiresIn);
    boolean awaited = !attendance.isAnsweredAtOnce(stream);
    boolean watched = !attendance.isDetached();
    ReplyAddress reply = replies.address();
    Arrival arrival =
        new Arrival(
            id,
            pool,
            scanned.requestClass(),
            tenant,
            scanned.model(),
            scanned.promptTokens(),
            scanned.outputTokens() < 0
                ? OptionalInt.empty()
                : OptionalInt.of(scanned.outputTokens()),
            endpoint.generates(),
            stream,
            expiresIn);
    Function<Entry.Shed, ShedRequest> shedRequest =
        shed ->
            new ShedRequest(
                id,
                tenant,
                source,
                pool,
                scanned.requestClass(),
                scanned.model(),
                endpoint.path(),
                stream,
                reply,
                now,
                expiresAt,
                body.remaining(),
                watched,
                shed);
    Optional<Charge> charge = pass(arrival, headers, shedRequest);
    Entry.Admitted entry =
        switch (watched ? admission.enter(arrival) : admission.enterDetached(arrival)) {
          case Entry.Admitted admitted -> admitted;
          case Entry.Shed shed -> {
            charge.ifPresent(Charge::refund);
            ShedRequest refused = shedRequest.apply(shed);
            sheds.shed(refused);
            throw new RefusedException(refused.error());
          }
        };
    Exchange exchange =
        new Exchange(
            id,
            config.limits().liveBuffer().bytes(),
            liveMemory,
            charge
                .<RequestWatch>map(
                    taken -> new ChargedWatch(entry.watch(), taken, tenants.price(pool)))
                .orElse(entry.watch()));
    if (awaited) {
      replies.register(exchange);
    }
    try {
      publisher.publish(
          lane,
          keys.of(lane, scanned, body, session, id, affinity),
          new InferenceRequest(
              id,
              tenant,
              source,
              pool,
              scanned.requestClass(),
              scanned.model(),
              endpoint.path(),
              terms.contentType(),
              stream,
              body,
              affinity,
              reply,
              now,
              expiresAt,
              entry.promptTokens(),
              entry.outputTokens(),
              terms.traceparent().orElse(null),
              scanned.promptOffset(),
              scanned.promptBytes(),
              watched,
              terms.callback().orElse(null),
              null,
              watched ? startBy(scanned.requestClass(), now, expiresAt) : null,
              scanned.outputTokens() < 0 ? null : scanned.outputTokens()),
          exchange);
    } catch (RuntimeException fault) {
      // Nobody will come to take it out of what waits.
      replies.remove(exchange);
      charge.ifPresent(Charge::refund);
      throw fault;
    }
    Optional<KeyClaim> claim =
        keyed.map(
            k ->
                new KeyClaim(
                    k.key(),
                    new IdempotentRequest(
                        id,
                        tenant,
                        k.digest(),
                        source,
                        endpoint.path(),
                        stream,
                        reply,
                        now,
                        expiresAt,
                        !attendance.isDetached())));
    return new Taken.Sent(
        endpoint,
        exchange,
        scanned.requestClass(),
        attendance,
        scanned.model(),
        stream,
        reply,
        expiresIn,
        expiresAt,
        claim);
  }

  /** What is counted against its tenant's limits, if that has any and may have it. */
  private Optional<Charge> pass(
      Arrival arrival, ServerResponseHeaders headers, Function<Entry.Shed, ShedRequest> shedRequest)
      throws RefusedException {
    Pass pass =
        tenants.pass(
            arrival.tenant(),
            arrival.model(),
            arrival.requestClass(),
            arrival.pool(),
            () -> admission.expected(arrival));
    switch (pass) {
      case Pass.Granted(Optional<LimitVerdict.Taken> taken) -> {
        taken.ifPresent(verdict -> RateHeaders.set(headers, verdict));
        return taken.map(LimitVerdict.Taken::charge);
      }
      case Pass.LimitReached(LimitVerdict.Refused refused) -> {
        RateHeaders.set(headers, refused);
        sheds.shed(shedRequest.apply(TenantErrors.shed(refused, arrival)));
        throw new RefusedException(TenantErrors.of(refused));
      }
      case Pass.ModelNotAllowed refused -> throw new RefusedException(TenantErrors.of(refused));
      case Pass.ClassNotAllowed refused -> throw new RefusedException(TenantErrors.of(refused));
    }
  }

  /** After which a client that waits has no more use of a first token. */
  private Instant startBy(RequestClass requestClass, Instant now, Instant expiresAt) {
    Instant target = now.plus(targets.ttft(requestClass));
    return target.isBefore(expiresAt) ? target : expiresAt;
  }
}
