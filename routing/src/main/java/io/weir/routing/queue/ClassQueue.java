package io.weir.routing.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What waits in one class: first in, first out, with its bytes and whether it is open for more.
 * What is to be run again stands where it would if it had never been taken out.
 */
final class ClassQueue<T extends Ready> {
  private final Deque<T> waiting = new ArrayDeque<>();
  private final PriorityQueue<T> again =
      new PriorityQueue<>(Comparator.comparingLong(Ready::enqueuedAtMillis));
  private long bytes;
  private boolean open = true;

  void add(T request) {
    waiting.addLast(request);
    bytes += request.bytes();
  }

  void addAgain(T request) {
    again.add(request);
    bytes += request.bytes();
  }

  T pollFirst() {
    T older = again.peek();
    T first = waiting.peekFirst();
    boolean takeOlder =
        older != null && (first == null || older.enqueuedAtMillis() <= first.enqueuedAtMillis());
    T request = takeOlder ? again.poll() : waiting.pollFirst();
    if (request != null) {
      bytes -= request.bytes();
    }
    return request;
  }

  List<T> removeIf(Predicate<T> test) {
    List<T> taken = new ArrayList<>();
    Predicate<T> take =
        request -> {
          boolean out = test.test(request);
          if (out) {
            bytes -= request.bytes();
            taken.add(request);
          }
          return out;
        };
    again.removeIf(take);
    waiting.removeIf(take);
    return taken;
  }

  int size() {
    return waiting.size() + again.size();
  }

  long bytes() {
    return bytes;
  }

  long earliestExpiry() {
    return Stream.concat(waiting.stream(), again.stream())
        .mapToLong(Ready::expiresAtMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Closes at a limit and opens again at half of it. */
  boolean isOpen(int countLimit, long byteLimit) {
    if (size() >= countLimit || bytes >= byteLimit) {
      open = false;
    } else if (size() <= countLimit / 2 && bytes <= byteLimit / 2) {
      open = true;
    }
    return open;
  }
}
