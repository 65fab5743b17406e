package io.weir.ingress;

/** How an error is told in a stream that has begun. */
enum EventDialect {
  /** Of chats and completions: an object with an error. */
  CHOICES {
    @Override
    byte[] error(ApiError error, String requestId, long sequence) {
      return ErrorJson.event(error, requestId);
    }

    @Override
    byte[] refusal(Refusal refusal, String requestId, int attempts, long sequence) {
      return refusal.event(requestId, attempts);
    }
  },
  /** Of responses: an event of type error, numbered on. */
  RESPONSE {
    @Override
    byte[] error(ApiError error, String requestId, long sequence) {
      return ResponseJson.errorEvent(error, requestId, sequence);
    }

    @Override
    byte[] refusal(Refusal refusal, String requestId, int attempts, long sequence) {
      return ResponseJson.errorEvent(refusal.event(requestId, attempts), sequence);
    }
  };

  static EventDialect of(String path) {
    return path.equals(Endpoint.RESPONSES.path()) ? RESPONSE : CHOICES;
  }

  /**
   * An error of Weir's.
   *
   * @param sequence the event's number
   */
  abstract byte[] error(ApiError error, String requestId, long sequence);

  /**
   * What an engine said instead of a stream.
   *
   * @param sequence the event's number
   */
  abstract byte[] refusal(Refusal refusal, String requestId, int attempts, long sequence);
}
