package io.weir.routing.engine;

/** One iteration being put together. */
final class Batch {
  int room;
  int tokens;
  int hostTokens;
  double decodeContext;
  double prefillWork;

  Batch(int room) {
    this.room = room;
  }

  void schedule(Ticket<?> ticket, int count) {
    if (ticket.decoding()) {
      decodeContext += ticket.tokens();
    } else {
      prefillWork += count * (ticket.computed + count / 2.0);
    }
    ticket.scheduled = count;
    tokens += count;
    room -= count;
  }
}
