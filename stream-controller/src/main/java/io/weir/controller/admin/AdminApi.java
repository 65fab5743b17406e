package io.weir.controller.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.controller.fleet.FleetTopics;
import io.weir.controller.fleet.FleetWriteException;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.EngineSpec;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths under {@code /admin}. */
final class AdminApi implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final int MOST_ENGINES = 10_000;
  private static final int LARGEST_BODY = 64 << 10;

  private final AdminGuard guard;
  private final FleetView view;
  private final FleetTopics fleet;
  private final Supplier<Fleet> configured;
  private final TenantsApi tenants;

  /**
   * @param configured the fleet of the configuration file
   */
  AdminApi(
      AdminGuard guard,
      FleetView view,
      FleetTopics fleet,
      Supplier<Fleet> configured,
      TenantsApi tenants) {
    this.guard = guard;
    this.view = view;
    this.fleet = fleet;
    this.configured = configured;
    this.tenants = tenants;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    try {
      guard.check(request.prologue().method(), request.headers());
      Replies.send(request, response, 200, answer(request));
    } catch (AdminException refused) {
      Replies.send(request, response, refused.status(), Replies.error(refused));
    } catch (FleetWriteException notWritten) {
      LOG.warn("admin request failed path={}", request.path().rawPath(), notWritten);
      refuse(request, response, "kafka_unavailable", notWritten.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      refuse(request, response, "shutting_down", "This controller is shutting down.");
    }
  }

  private static void refuse(
      ServerRequest request, ServerResponse response, String code, String message) {
    AdminException error = new AdminException(503, code, message);
    Replies.send(request, response, error.status(), Replies.error(error));
  }

  private byte[] answer(ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    List<String> path = segments(request);
    String first = path.isEmpty() ? "" : path.getFirst();
    if (first.equals("engines") && path.size() > 1) {
      return engine(path, request);
    }
    if (first.equals("tenants") || first.equals("tenant-keys")) {
      return tenants.answer(path, request);
    }
    if (path.size() != 1
        || !List.of("engines", "weights", "members", "geography").contains(first)) {
      throw unknownPath(request);
    }
    require(request, Method.GET);
    return switch (first) {
      case "engines" -> view.engines();
      case "weights" ->
          view.weights(
              request.query().first("source").asOptional(),
              request.query().first("pool").asOptional());
      case "members" -> view.members();
      default -> view.geography();
    };
  }

  private byte[] engine(List<String> path, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    String id = path.get(1);
    if (path.size() == 3 && path.get(2).equals("drain")) {
      require(request, Method.POST);
      return shown(id, fleet.drain(id));
    }
    if (path.size() == 3 && path.get(2).equals("undrain")) {
      require(request, Method.POST);
      return shown(id, fleet.undrain(id));
    }
    if (path.size() != 2) {
      throw unknownPath(request);
    }
    require(request, Method.GET, Method.PUT, Method.DELETE);
    Method method = request.prologue().method();
    if (method.equals(Method.PUT)) {
      return put(id, request);
    }
    if (method.equals(Method.DELETE)) {
      return delete(id);
    }
    return shown(id, fleet.engine(id));
  }

  private byte[] put(String id, ServerRequest request)
      throws AdminException, FleetWriteException, InterruptedException {
    requireNotConfigured(id, "change it there");
    byte[] body = json(request);
    if (fleet.engine(id).isEmpty() && fleet.engines().size() >= MOST_ENGINES) {
      throw new AdminException(
          409, "too_many_engines", "There are " + MOST_ENGINES + " engines already.");
    }
    EngineSpec spec = EngineBody.read(id, body, configured.get());
    return shown(id, fleet.add(spec));
  }

  /**
   * A body in JSON.
   *
   * @throws AdminException with 413 or 415 if it is too large, or something else
   */
  static byte[] json(ServerRequest request) throws AdminException {
    byte[] body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
    if (body.length > LARGEST_BODY) {
      throw tooLarge();
    }
    if (!request
        .headers()
        .first(HeaderNames.CONTENT_TYPE)
        .orElse("")
        .startsWith("application/json")) {
      throw new AdminException(
          415, "unsupported_media_type", "content-type", "Send application/json.");
    }
    return body;
  }

  static AdminException tooLarge() {
    return new AdminException(413, "body_too_large", "The body may have 64 KiB.");
  }

  private byte[] delete(String id)
      throws AdminException, FleetWriteException, InterruptedException {
    if (fleet.engine(id).isEmpty()) {
      throw AdminException.unknownEngine(id);
    }
    requireNotConfigured(id, "remove it there, or drain it");
    fleet.remove(id);
    return Replies.object(
        json -> {
          json.writeStringField("id", id);
          json.writeBooleanField("removed", true);
        });
  }

  private void requireNotConfigured(String id, String advice) throws AdminException {
    boolean inFile = configured.get().engines().stream().anyMatch(each -> each.id().equals(id));
    boolean ofAnotherFile = fleet.engine(id).filter(spec -> !spec.getAdded()).isPresent();
    if (inFile || ofAnotherFile) {
      throw new AdminException(
          409,
          "engine_is_configured",
          "Engine '%s' stands in a configuration file: %s.".formatted(id, advice));
    }
  }

  private byte[] shown(String id, Optional<EngineSpec> spec) throws AdminException {
    return view.engine(spec.orElseThrow(() -> AdminException.unknownEngine(id)));
  }

  /** What follows {@code /admin}, decoded. */
  private static List<String> segments(ServerRequest request) {
    return Arrays.stream(request.path().rawPath().split("/", -1))
        .skip(2)
        .map(segment -> URLDecoder.decode(segment, UTF_8))
        .toList();
  }

  static AdminException unknownPath(ServerRequest request) {
    return new AdminException(
        404, "unknown_path", "There is nothing at " + request.path().path() + ".");
  }

  static void require(ServerRequest request, Method... allowed) throws AdminException {
    Method used = request.prologue().method();
    Method meant = used.equals(Method.HEAD) ? Method.GET : used;
    if (!Arrays.asList(allowed).contains(meant)) {
      throw new AdminException(
          405,
          "method_not_allowed",
          "Use "
              + String.join(" or ", Arrays.stream(allowed).map(Method::text).toList())
              + ", not "
              + used.text()
              + ".");
    }
  }
}
