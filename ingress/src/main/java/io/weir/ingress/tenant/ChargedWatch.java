package io.weir.ingress.tenant;

import io.weir.ingress.reply.RequestWatch;
import io.weir.routing.admission.QueuePlace;
import io.weir.routing.fleet.Price;
import io.weir.routing.limit.Charge;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.TokenUsage;
import java.util.Optional;

/**
 * Corrects what was counted against a tenant's limits once its request's end says what was used.
 *
 * @param watch hears of everything as well
 * @param charge what was counted
 * @param price of the pool's tokens
 */
public record ChargedWatch(RequestWatch watch, Charge charge, Price price) implements RequestWatch {
  @Override
  public void acked(int partition, long offset) {
    watch.acked(partition, offset);
  }

  @Override
  public void chunk(ResponseChunk chunk) {
    watch.chunk(chunk);
    Optional<ResponseEnd> end = chunk.getEnd();
    if (end.isEmpty()) {
      return;
    }
    Optional<TokenUsage> usage = end.get().getUsage();
    if (usage.isPresent()) {
      int prompt = usage.get().getPromptTokens();
      int output = usage.get().getCompletionTokens();
      int cached = usage.get().getCachedPromptTokens().orElse(0);
      charge.correct((double) prompt + output, price.of(prompt, cached, output));
    } else if (end.get().getFailure().filter(failure -> !failure.getWorkStarted()).isPresent()) {
      charge.refund();
    }
  }

  @Override
  public void left() {
    watch.left();
  }

  @Override
  public Optional<QueuePlace> place() {
    return watch.place();
  }
}
