package io.weir.launcher.bench;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Bodies of requests: everything but prompt and length is made once. */
final class RequestBody {
  private final PromptText prompts;
  private final byte[] head;
  private final byte[] afterPrompt;
  private final byte[] tail;
  private final Map<String, byte[]> tiers;
  private final boolean generates;

  /**
   * @param extra more members of the body, as JSON without the outer braces; may be empty
   */
  RequestBody(Api api, String model, Delivery delivery, String extra, PromptText prompts) {
    this.prompts = prompts;
    this.generates = api.generates();
    this.head =
        bytes(
            "{\"model\":\""
                + new String(JsonStringEncoder.getInstance().quoteAsString(model))
                + "\","
                + api.promptBefore);
    this.afterPrompt = bytes(api.promptAfter + (generates ? ",\"max_tokens\":" : ""));
    this.tail =
        bytes(
            (delivery == Delivery.STREAM
                    ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"
                    : "")
                + (extra.isEmpty() ? "" : "," + extra));
    this.tiers =
        Map.of(
            "", bytes("}"),
            "priority", tier("priority"),
            "standard", tier("default"),
            "flex", tier("flex"),
            "batch", tier("batch"));
  }

  /**
   * One request.
   *
   * @param requestClass what it is to ask for, if anything
   */
  Call of(Shot shot, int number, Optional<String> requestClass) {
    byte[] end = tiers.get(requestClass.orElse(""));
    byte[] prompt = prompts.of(shot, number);
    byte[] length = bytes(generates ? Integer.toString(shot.outputTokens()) : "");
    byte[] body =
        new byte
            [head.length
                + prompt.length
                + afterPrompt.length
                + length.length
                + tail.length
                + end.length];
    int at = 0;
    for (byte[] part : new byte[][] {head, prompt, afterPrompt, length, tail, end}) {
      System.arraycopy(part, 0, body, at, part.length);
      at += part.length;
    }
    return new Call(body, head.length, prompt.length);
  }

  private static byte[] tier(String name) {
    return bytes(",\"service_tier\":\"" + name + "\"}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
