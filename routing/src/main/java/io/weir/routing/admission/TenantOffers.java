package io.weir.routing.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What each tenant asked for of late in one class, let in or not, and so how much of it goes beyond
 * its share when only a part of all can be served: the part is divided max-min fairly by weight, so
 * that nobody who asks for less than a share is refused for those who ask for more (progressive
 * filling: Bertsekas and Gallager, Data Networks, §6.5.2). Tenants that asked last are kept, the
 * others forgotten. Not safe for use by several threads.
 */
final class TenantOffers {
  private static final double TIME_CONSTANT_NANOS = 5e9;

  /** How long a level holds before it is reckoned anew. */
  private static final long LEVEL_NANOS = 100_000_000;

  private static final class Offer {
    final double weight;
    double tokens;
    long at;

    Offer(double weight, long at) {
      this.weight = weight;
      this.at = at;
    }

    double roll(long now) {
      if (now - at > 0) {
        tokens *= Math.exp((at - now) / TIME_CONSTANT_NANOS);
        at = now;
      }
      return tokens;
    }
  }

  private final ToDoubleFunction<String> weights;
  private final Map<String, Offer> offers;
  private double level = Double.POSITIVE_INFINITY;
  private double levelPart;
  private long levelAt;

  TenantOffers(ToDoubleFunction<String> weights, int limit) {
    this.weights = weights;
    this.offers =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Offer> eldest) {
            return size() > limit;
          }
        };
  }

  /** A tenant asks for so much. */
  void add(String tenant, double costTokens, long now) {
    Offer offer =
        offers.computeIfAbsent(tenant, name -> new Offer(weights.applyAsDouble(name), now));
    double unused = offer.roll(now);
    offer.tokens += costTokens;
  }

  /**
   * Which part of what a tenant asks for goes beyond its share.
   *
   * @param part of all that is asked for that cannot be served, 0 to 1
   */
  double excess(String tenant, double part, long now) {
    Offer offer = offers.get(tenant);
    if (offer == null) {
      return part;
    }
    if (part != levelPart || now - levelAt >= LEVEL_NANOS || now - levelAt < 0) {
      level = level(part, now);
      levelPart = part;
      levelAt = now;
    }
    double asked = offer.roll(now);
    return asked <= 0 ? 0 : Math.max(0, 1 - offer.weight * level / asked);
  }

  /** Tokens for each unit of weight that everybody gets who asks for as much. */
  private double level(double part, long now) {
    List<Offer> byNeed = new ArrayList<>(offers.values());
    double left = 0;
    double weight = 0;
    for (Offer each : byNeed) {
      left += each.roll(now);
      weight += each.weight;
    }
    left *= 1 - part;
    byNeed.sort(Comparator.comparingDouble(each -> each.tokens / each.weight));
    for (Offer each : byNeed) {
      if (each.tokens / each.weight >= left / weight) {
        return left / weight;
      }
      left -= each.tokens;
      weight -= each.weight;
    }
    return Double.POSITIVE_INFINITY;
  }
}
