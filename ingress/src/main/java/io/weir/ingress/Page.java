package io.weir.ingress;

import io.helidon.common.uri.UriQuery;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list, as OpenAI cuts them: {@code limit} of what comes {@code after} an id.
 *
 * @param hasMore true if others follow
 */
record Page<T>(List<T> items, boolean hasMore) {
  /**
   * Cuts a list as a query asks for.
   *
   * @param most largest limit
   * @param usual limit of who names none
   * @throws RefusedException with 400 if the limit is none, or the id is not in the list
   */
  static <T> Page<T> of(List<T> all, Function<T, String> id, UriQuery query, int usual, int most)
      throws RefusedException {
    int limit = limit(query, usual, most);
    Optional<String> after = query.first("after").asOptional();
    int start = 0;
    if (after.isPresent()) {
      while (start < all.size() && !id.apply(all.get(start)).equals(after.get())) {
        start++;
      }
      if (start == all.size()) {
        throw new RefusedException(
            ApiError.invalid("after", "There is no '" + after.get() + "' in this list."));
      }
      start++;
    }
    int end = Math.min(all.size(), start + limit);
    return new Page<>(all.subList(start, end), end < all.size());
  }

  private static int limit(UriQuery query, int usual, int most) throws RefusedException {
    Optional<String> given = query.first("limit").asOptional();
    if (given.isEmpty()) {
      return usual;
    }
    if (given.get().matches("\\d{1,5}")) {
      int limit = Integer.parseInt(given.get());
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    }
    throw new RefusedException(
        ApiError.invalid("limit", "The parameter limit must be 1 to " + most + "."));
  }
}
