package io.weir.routing.protocol;

import io.weir.schemas.Continues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A partition of requests or requeues, which the group gives to one dispatcher at a time. */
final class Lane {
  /** A record: the request, and the text it is to continue. */
  record Entry(int request, Optional<Continues> continues) {
    @Override
    public String toString() {
      return request + Records.brief(continues);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Set<Integer> claimed = new TreeSet<>();
  private int owner;
  private int position;
  private int committed;

  Lane copy() {
    Lane copy = new Lane();
    copy.entries.addAll(entries);
    copy.claimed.addAll(claimed);
    copy.owner = owner;
    copy.position = position;
    copy.committed = committed;
    return copy;
  }

  void append(Entry entry) {
    entries.add(entry);
  }

  int owner() {
    return owner;
  }

  boolean hasMore() {
    return position < entries.size();
  }

  int position() {
    return position;
  }

  Entry poll() {
    return entries.get(position++);
  }

  /** The group gives the partition to somebody, who begins at the committed offset. */
  void assign(int dispatcher) {
    owner = dispatcher;
    position = committed;
    claimed.clear();
  }

  /** The owner knows that a record of its own polling is claimed. */
  void claimed(int dispatcher, int offset) {
    if (dispatcher == owner && offset < position) {
      claimed.add(offset);
    }
  }

  boolean canCommit() {
    return committed < position && claimed.contains(committed);
  }

  boolean isUncommitted() {
    return committed < position;
  }

  void commit() {
    claimed.remove(committed++);
  }

  /** True if the request lies behind the committed offset still. */
  boolean holds(int request) {
    return entries.subList(committed, entries.size()).stream()
        .anyMatch(entry -> entry.request() == request);
  }

  @Override
  public String toString() {
    return entries + "@" + owner + "," + position + "," + committed + claimed;
  }
}
