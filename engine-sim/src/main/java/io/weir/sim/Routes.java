package io.weir.sim;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.weir.routing.engine.EngineSignals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** Everything the engine answers besides inference. */
final class Routes {
  private final Gate gate;
  private final EngineMetrics metrics;
  private final Supplier<EngineSignals> signals;
  private final List<String> models;
  private final int maxModelLen;
  private final long created = System.currentTimeMillis() / 1000;

  Routes(
      Gate gate,
      EngineMetrics metrics,
      Supplier<EngineSignals> signals,
      List<String> models,
      int maxModelLen) {
    this.gate = gate;
    this.metrics = metrics;
    this.signals = signals;
    this.models = List.copyOf(models);
    this.maxModelLen = maxModelLen;
  }

  /** Adds the routes; call it after the inference routes, for its last one takes all the rest. */
  void addTo(HttpRouting.Builder routing) {
    routing
        .get("/health", gate.open(request -> health()))
        .get("/metrics", gate.open(request -> Reply.text(200, metrics.render(signals.get()))))
        .get("/v1/models", gate.guarded(request -> models()))
        .get("/v1/models/{model}", gate.guarded(this::model))
        .post("/tokenize", gate.guarded(this::tokenize))
        .get("/admin/faults", gate.admin(request -> faults()))
        .post("/admin/faults", gate.admin(this::addFault))
        .delete("/admin/faults", gate.admin(request -> clearFaults()))
        .delete("/admin/faults/{id}", gate.admin(this::clearFault));
    for (Endpoint endpoint : Endpoint.values()) {
      routing.any(endpoint.path(), gate.open(Routes::notAllowed));
    }
    routing.any(gate.open(Routes::notFound));
  }

  private Reply health() {
    return gate.faults().unhealthy()
        ? Reply.text(503, "injected fault: unhealthy")
        : Reply.text(200, "");
  }

  private Reply models() {
    JsonBuffer json = new JsonBuffer(256).raw("{\"object\":\"list\",\"data\":[");
    String separator = "";
    for (String model : models) {
      describe(json.raw(separator), model);
      separator = ",";
    }
    return Reply.json(json.raw("]}").toBytes());
  }

  private Reply tokenize(ServerRequest request) throws IOException {
    String prompt = PromptReader.text(request.content().inputStream());
    return Reply.json(
        new JsonBuffer(64)
            .raw("{\"count\":")
            .number(Prefix.count(prompt))
            .raw(",\"max_model_len\":")
            .number(maxModelLen)
            .raw(",\"tokens\":[]}")
            .toBytes());
  }

  private Reply model(ServerRequest request) {
    String name = request.path().pathParameters().get("model");
    if (!models.contains(name)) {
      throw ApiException.of(
          404,
          "invalid_request_error",
          "model_not_found",
          "The model `" + name + "` does not exist.");
    }
    return Reply.json(describe(new JsonBuffer(256), name).toBytes());
  }

  private JsonBuffer describe(JsonBuffer json, String model) {
    json.raw("{\"id\":").quoted(model).raw(",\"object\":\"model\",\"created\":").number(created);
    json.raw(",\"owned_by\":\"weir\",\"root\":").quoted(models.getFirst());
    return json.raw(",\"parent\":null,\"max_model_len\":").number(maxModelLen).raw("}");
  }

  private Reply faults() {
    return Reply.json(FaultJson.list(gate.faults().list()));
  }

  private Reply addFault(ServerRequest request) throws IOException {
    if (!request.content().hasEntity()) {
      throw ApiException.badRequest("", "send the fault as a JSON object");
    }
    int id = FaultJson.add(gate.faults(), request.content().inputStream());
    return Reply.json(("{\"id\":" + id + "}").getBytes(StandardCharsets.US_ASCII));
  }

  private Reply clearFaults() {
    gate.faults().clear();
    return faults();
  }

  private Reply clearFault(ServerRequest request) {
    String id = request.path().pathParameters().get("id");
    if (!id.matches("\\d{1,9}") || !gate.faults().clear(Integer.parseInt(id))) {
      throw ApiException.of(404, "invalid_request_error", "", "there is no fault " + id);
    }
    return faults();
  }

  private static Reply notAllowed(ServerRequest request) {
    throw ApiException.of(
        405,
        "invalid_request_error",
        "",
        "Method Not Allowed: use POST for " + request.path().path());
  }

  private static Reply notFound(ServerRequest request) {
    throw ApiException.of(
        404,
        "invalid_request_error",
        "",
        "Not Found: " + request.prologue().method().text() + " " + request.path().path());
  }
}
