package io.weir.ingress;

/** What is refused of OpenAI's Responses API. */
final class ResponseErrors {
  private ResponseErrors() {}

  /** The body names what only the engine remembers that made it. */
  static ApiError engineState(String field) {
    return unsupported(
        field,
        "The field '"
            + field
            + "' is not supported: what it names is kept by one engine, and the request may go to another; send the whole input instead.");
  }

  /** A parameter of a question about a response. */
  static ApiError unsupported(String param, String message) {
    return ApiError.invalid(400, "unsupported_parameter", message).withParam(param);
  }

  static ApiError unknown(String id) {
    return ApiError.invalid(404, "unknown_response", "There is no response '" + id + "'.");
  }

  /** Only who does not wait at its connection can cancel otherwise than by leaving. */
  static ApiError notInBackground() {
    return ApiError.invalid(
        400,
        "not_in_background",
        "Cannot cancel a synchronous response; close its connection instead.");
  }

  static ApiError notAStream() {
    return ApiError.invalid(
            400,
            "not_a_stream",
            "The response was not created with stream=true; retrieve it without stream.")
        .withParam("stream");
  }

  /** The log has no place from which one answer could be taken out. */
  static ApiError undeletable() {
    return ApiError.invalid(
        405,
        "not_deletable",
        "Responses are kept in a log for three days and cannot be deleted from it; POST to /cancel ends one that runs.");
  }

  /** The events that a client has may be another run's. */
  static ApiError ranAgain() {
    return ApiError.invalid(
            409,
            "attempt_superseded",
            "The response was interrupted and made anew, so that its events so far are void; begin anew without starting_after.")
        .withParam("starting_after");
  }
}
