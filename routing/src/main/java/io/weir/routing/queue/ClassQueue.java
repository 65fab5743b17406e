package io.weir.routing.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** What waits in one class: first in, first out, with its bytes and whether it is open for more. */
final class ClassQueue<T extends Ready> {
  private final Deque<T> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean open = true;

  void add(T request) {
    waiting.addLast(request);
    bytes += request.bytes();
  }

  T pollFirst() {
    T request = waiting.pollFirst();
    if (request != null) {
      bytes -= request.bytes();
    }
    return request;
  }

  List<T> removeIf(Predicate<T> test) {
    List<T> taken = new ArrayList<>();
    waiting.removeIf(
        request -> {
          boolean out = test.test(request);
          if (out) {
            bytes -= request.bytes();
            taken.add(request);
          }
          return out;
        });
    return taken;
  }

  int size() {
    return waiting.size();
  }

  long earliestExpiry() {
    return waiting.stream().mapToLong(Ready::expiresAtMillis).min().orElse(Long.MAX_VALUE);
  }

  /** Closes at a limit and opens again at half of it. */
  boolean isOpen(int countLimit, long byteLimit) {
    if (waiting.size() >= countLimit || bytes >= byteLimit) {
      open = false;
    } else if (waiting.size() <= countLimit / 2 && bytes <= byteLimit / 2) {
      open = true;
    }
    return open;
  }
}
