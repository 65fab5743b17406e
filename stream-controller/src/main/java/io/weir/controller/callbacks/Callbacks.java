package io.weir.controller.callbacks;

import io.weir.controller.requests.CallbackOutcome;
import io.weir.controller.requests.CallbackPoster;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts results to their clients' URLs, at least once each; the header {@code webhook-id} is the
 * request's id, by which a receiver knows what it has already. A few threads, and a short queue:
 * what has no room stays in its store.
 */
public final class Callbacks implements CallbackPoster, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final int THREADS = 4;
  private static final int QUEUE = 64;

  private final CallbacksConfig config;
  private final CallbackPolicy policy;
  private final Optional<WebhookSignature> signature;
  private final KafkaSettings kafka;
  private final Clock clock;
  private final Consumer<String> listener;
  private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(QUEUE);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private record Job(RequestState state, Consumer<CallbackOutcome> done) {}

  /**
   * @param name of its threads and Kafka clients
   * @param listener hears how each try went, in a word
   */
  public Callbacks(
      CallbacksConfig config,
      KafkaSettings kafka,
      String name,
      Clock clock,
      Consumer<String> listener) {
    this.config = config;
    this.kafka = kafka;
    this.clock = clock;
    this.listener = listener;
    this.policy = new CallbackPolicy(config.allow(), config.allowNetworks());
    this.signature = config.secret().map(secret -> WebhookSignature.of(secret.value()));
    if (signature.isPresent()) {
      for (int i = 0; i < THREADS; i++) {
        String thread = "weir-callbacks-" + name + "-" + i;
        threads.add(Thread.ofPlatform().daemon().name(thread).start(() -> serve(thread)));
      }
    }
  }

  @Override
  public Duration patience() {
    return config.patience();
  }

  @Override
  public boolean post(RequestState state, Consumer<CallbackOutcome> done) {
    if (signature.isEmpty()) {
      LOG.warn(
          "callback_refused request_id={} cause='controller.callbacks.allow names no host'",
          state.getRequestId());
      listener.accept("refused");
      done.accept(CallbackOutcome.DONE);
      return true;
    }
    return jobs.offer(new Job(state, done));
  }

  private void serve(String name) {
    try (AnswerText texts = new AnswerText(kafka, name, config.largest())) {
      while (!closed) {
        Job job = jobs.take();
        CallbackOutcome outcome = CallbackOutcome.RETRY;
        try {
          outcome = post(job.state(), texts);
        } catch (InterruptException stop) {
          throw stop;
        } catch (KafkaException trouble) {
          LOG.warn(
              "callback_put_off request_id={} cause={}",
              job.state().getRequestId(),
              trouble.toString());
        } catch (RuntimeException fault) {
          LOG.error("callback_failed request_id={}", job.state().getRequestId(), fault);
        } finally {
          job.done().accept(outcome);
        }
      }
    } catch (InterruptedException | InterruptException stop) {
      LOG.debug("callbacks stop", stop);
    }
  }

  private CallbackOutcome post(RequestState state, AnswerText texts) {
    String id = state.getRequestId();
    URI url;
    try {
      url = URI.create(state.getRequest().flatMap(AcceptedRequest::getCallback).orElse(""));
    } catch (IllegalArgumentException malformed) {
      return refused(id, "it is no URL");
    }
    Optional<String> refusal = policy.refusal(url);
    if (refusal.isPresent()) {
      return refused(id, refusal.get());
    }
    byte[] body = CallbackBody.of(state, texts.read(state));
    Instant now = clock.instant();
    try {
      Optional<InetAddress> address = policy.choose(InetAddress.getAllByName(url.getHost()));
      if (address.isEmpty()) {
        return refused(id, "its address is not public; see controller.callbacks.allow-networks");
      }
      WebhookPost post =
          new WebhookPost(
              url,
              address.get(),
              id,
              now.getEpochSecond(),
              signature.orElseThrow().sign(id, now.getEpochSecond(), body));
      return answered(id, post.send(body, config.timeout()));
    } catch (UnknownHostException unknown) {
      return failed(id, "its host is unknown");
    } catch (IOException broken) {
      return failed(id, broken.toString());
    }
  }

  /** 410 says that nothing is wanted there any more. */
  private CallbackOutcome answered(String id, int status) {
    if (status / 100 == 2) {
      listener.accept("delivered");
      return CallbackOutcome.DONE;
    }
    return status == 410 ? refused(id, "410 gone") : failed(id, "it answered " + status);
  }

  private CallbackOutcome refused(String id, String cause) {
    LOG.warn("callback_refused request_id={} cause='{}'", id, cause);
    listener.accept("refused");
    return CallbackOutcome.DONE;
  }

  private CallbackOutcome failed(String id, String cause) {
    LOG.info("callback_not_taken request_id={} cause='{}'", id, cause);
    listener.accept("failed");
    return CallbackOutcome.RETRY;
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
