package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.tenant.Tenants;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Finds what each path and method asks for. */
final class Api implements Handler {
  /** Below it are requests by their ids. */
  static final String REQUESTS = "/v1/requests/";

  private static final String EVENTS = "/events";
  private static final String RESPONSES = Endpoint.RESPONSES.path() + "/";
  private static final String CANCEL = "/cancel";
  private static final String MODELS = "/v1/models";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Authenticator authenticator;
  private final Tenants tenants;
  private final Completions completions;
  private final RequestsApi requests;
  private final ResponsesApi responses;
  private final JobPaths jobs;
  private final Models models;
  private final IngressMetrics metrics;
  private final BooleanSupplier ready;
  private final long retryMillis;
  private volatile boolean draining;

  /**
   * @param ready whether answers can be received
   * @param retryMillis when to come again during shutdown
   */
  Api(
      Authenticator authenticator,
      Tenants tenants,
      Completions completions,
      RequestsApi requests,
      ResponsesApi responses,
      JobPaths jobs,
      Models models,
      IngressMetrics metrics,
      BooleanSupplier ready,
      long retryMillis) {
    this.authenticator = authenticator;
    this.tenants = tenants;
    this.completions = completions;
    this.requests = requests;
    this.responses = responses;
    this.jobs = jobs;
    this.models = models;
    this.metrics = metrics;
    this.ready = ready;
    this.retryMillis = retryMillis;
  }

  /** From now on there are no new requests. */
  void drain() {
    draining = true;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    ClientConnection connection = ClientConnection.current();
    connection.awaitAnswer();
    boolean expects = request.headers().contains(HeaderNames.EXPECT);
    if (draining || expects) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    try {
      route(request.prologue().uriPath().path(), request, response);
    } catch (RefusedException e) {
      Responses.refuse(e.error(), Ulid.fast().toString(), request, response);
    } finally {
      if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
          || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
        connection.endWithThisAnswer();
      }
      connection.awaitRequest();
    }
    if (expects && !request.content().consumed()) {
      // The body may come though it was not asked for, and must not be taken for a request.
      connection.linger();
      throw new CloseConnectionException("A body was announced and not needed");
    }
  }

  private void route(String path, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    Endpoint endpoint = Endpoint.BY_PATH.get(path);
    if (endpoint != null) {
      require(Method.POST, request, response);
      String tenant = tenant(request);
      if (draining) {
        throw new RefusedException(
            ApiError.unavailable("shutting_down", "This ingress is shutting down.", retryMillis));
      }
      completions.handle(endpoint, tenant, request, response);
      return;
    }
    switch (path) {
      case "/health/live" -> {
        require(Method.GET, request, response);
        Responses.json(request, response, "{\"status\":\"live\"}".getBytes(UTF_8));
      }
      case "/health/ready" -> {
        require(Method.GET, request, response);
        readiness(request, response);
      }
      case "/metrics" -> {
        require(Method.GET, request, response);
        response.headers().set(HeaderNames.CONTENT_TYPE, PROMETHEUS);
        Responses.send(request, response, metrics.registry().scrape().getBytes(UTF_8));
      }
      case MODELS -> {
        require(Method.GET, request, response);
        String tenant = tenant(request);
        Responses.json(request, response, models.list(model -> tenants.allowsModel(tenant, model)));
      }
      default -> {
        if (JobPaths.covers(path)) {
          jobs(path, request, response);
        } else if (path.startsWith(REQUESTS)) {
          request(path.substring(REQUESTS.length()), request, response);
        } else if (path.startsWith(RESPONSES)) {
          response(path.substring(RESPONSES.length()), request, response);
        } else {
          model(path, request, response);
        }
      }
    }
  }

  private void jobs(String path, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    String tenant = tenant(request);
    if (draining) {
      throw new RefusedException(
          ApiError.unavailable("shutting_down", "This ingress is shutting down.", retryMillis));
    }
    jobs.handle(path, tenant, request, response);
  }

  /** One request: its state, its events, or its end. */
  private void request(String rest, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    String tenant = tenant(request);
    if (rest.endsWith(EVENTS)) {
      require(Method.GET, request, response);
      String id = rest.substring(0, rest.length() - EVENTS.length());
      requests.events(id, tenant, request, response);
    } else if (request.prologue().method().equals(Method.DELETE)) {
      requests.delete(rest, tenant, request, response);
    } else {
      require(Method.GET, request, response);
      requests.get(rest, tenant, request, response);
    }
  }

  /** One response: what has become of it, its events, or its end. */
  private void response(String rest, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    String tenant = tenant(request);
    if (rest.endsWith(CANCEL)) {
      require(Method.POST, request, response);
      String id = rest.substring(0, rest.length() - CANCEL.length());
      responses.cancel(id, tenant, request, response);
    } else if (request.prologue().method().equals(Method.DELETE)) {
      response.headers().set(HeaderNames.ALLOW, Method.GET.text());
      throw new RefusedException(ResponseErrors.undeletable());
    } else {
      require(Method.GET, request, response);
      responses.get(rest, tenant, request, response);
    }
  }

  private void readiness(ServerRequest request, ServerResponse response) throws RefusedException {
    if (draining || !ready.getAsBoolean()) {
      throw new RefusedException(
          ApiError.unavailable(
              draining ? "shutting_down" : "not_ready",
              draining
                  ? "This ingress is shutting down."
                  : "The position in the reply partition is not known.",
              retryMillis));
    }
    Responses.json(request, response, "{\"status\":\"ready\"}".getBytes(UTF_8));
  }

  private void model(String path, ServerRequest request, ServerResponse response)
      throws RefusedException {
    if (!path.startsWith(MODELS + "/")) {
      throw new RefusedException(
          ApiError.invalid(404, "unknown_path", "There is nothing at " + path + "."));
    }
    require(Method.GET, request, response);
    String tenant = tenant(request);
    String id = path.substring(MODELS.length() + 1);
    Optional<byte[]> model = models.get(id).filter(any -> tenants.allowsModel(tenant, id));
    Responses.json(
        request, response, model.orElseThrow(() -> new RefusedException(Models.unknown(id))));
  }

  private String tenant(ServerRequest request) throws RefusedException {
    return authenticator.tenant(request.headers().first(HeaderNames.AUTHORIZATION));
  }

  private static void require(Method method, ServerRequest request, ServerResponse response)
      throws RefusedException {
    Method used = request.prologue().method();
    boolean head = used.equals(Method.HEAD) && method.equals(Method.GET);
    if (!used.equals(method) && !head) {
      response.headers().set(HeaderNames.ALLOW, method.text());
      throw new RefusedException(
          ApiError.invalid(
              405, "method_not_allowed", "Use " + method.text() + ", not " + used.text() + "."));
    }
  }
}
