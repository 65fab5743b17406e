package io.weir.sim;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.sim.Faults.Armed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Takes a request in, over its distance and past the faults, and has it served. */
final class InferenceHandler implements Handler {
  private static final byte[] NOT_HTTP =
      "\u0016\u0003\u0001 lp0 on fire\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Endpoint endpoint;
  private final Gate gate;
  private final AskParser parser;
  private final Set<String> models;
  private final Faults faults;
  private final Consumer<Exchange> service;

  InferenceHandler(
      Endpoint endpoint,
      Gate gate,
      AskParser parser,
      Set<String> models,
      Faults faults,
      Consumer<Exchange> service) {
    this.endpoint = endpoint;
    this.gate = gate;
    this.parser = parser;
    this.models = models;
    this.faults = faults;
    this.service = service;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    long oneWay = gate.oneWay(request);
    Distance.travel(oneWay);
    try {
      gate.access().check(request);
      Ask ask = read(request);
      ClientConnection client = ClientConnection.current();
      OptionalInt dieAfter = meetFault(response, client);
      if (!models.contains(ask.model())) {
        throw ApiException.of(
            404,
            "invalid_request_error",
            "model_not_found",
            "The model `" + ask.model() + "` does not exist.");
      }
      service.accept(new Exchange(endpoint, ask, response, client, oneWay, dieAfter));
    } catch (ApiException e) {
      Distance.travel(oneWay);
      Reply.error(e).send(response);
    }
  }

  private Ask read(ServerRequest request) throws IOException {
    if (!request.content().hasEntity()) {
      throw ApiException.badRequest("", "the request has no body; send a JSON object");
    }
    InputStream body = request.content().inputStream();
    Ask ask = parser.parse(endpoint, body);
    // What is read ahead while the answer is made must not be the rest of this body.
    body.transferTo(OutputStream.nullOutputStream());
    return ask;
  }

  private OptionalInt meetFault(ServerResponse response, ClientConnection client)
      throws IOException {
    Optional<Armed> met = faults.meet();
    if (met.isEmpty()) {
      return OptionalInt.empty();
    }
    switch ((Fault.OfRequest) met.get().fault()) {
      case Fault.Refuse refuse -> throw Exchange.broken("fault: " + refuse.kind());
      case Fault.Status status -> throw refusal(status);
      case Fault.Hang hang -> hang(met.get(), client);
      case Fault.Garbage garbage -> throw talkNonsense(garbage.layer(), response, client);
      case Fault.Die die -> {
        return OptionalInt.of(die.afterTokens());
      }
    }
    return OptionalInt.empty();
  }

  private static ApiException refusal(Fault.Status fault) {
    ApiException error =
        ApiException.of(
            fault.status(),
            fault.status() == 429 ? "rate_limit_error" : "server_error",
            fault.status() == 429 ? "rate_limit_exceeded" : "injected",
            "injected fault: status " + fault.status());
    return fault.retryAfterSeconds() < 0 ? error : error.retryAfter(fault.retryAfterSeconds());
  }

  private void hang(Armed fault, ClientConnection client) {
    AtomicBoolean gone = new AtomicBoolean();
    client.watch(() -> gone.set(true));
    try {
      faults.awaitCleared(fault, gone::get);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Exchange.broken("fault: hang, and the engine closes");
    } finally {
      client.unwatch();
    }
    if (gone.get()) {
      throw Exchange.broken("fault: hang, and the client left");
    }
  }

  private static RuntimeException talkNonsense(
      Fault.Garbage.Layer layer, ServerResponse response, ClientConnection client)
      throws IOException {
    switch (layer) {
      case HTTP -> client.writeRaw(NOT_HTTP);
      case JSON -> {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send("{\"id\":\"chatcmpl-".getBytes(StandardCharsets.US_ASCII));
      }
      case SSE -> {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        OutputStream out = response.outputStream();
        out.write(
            "data: {\"choices\":[{{\n\ndata: \u0000\n\nevnt\n\n"
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    }
    return Exchange.broken("fault: garbage");
  }
}
