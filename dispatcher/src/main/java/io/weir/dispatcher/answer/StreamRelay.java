package io.weir.dispatcher.answer;

import io.weir.dispatcher.answer.AnswerPublisher.EndOf;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.schemas.ResponseHead;
import io.weir.schemas.TokenUsage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes on a stream of server-sent events: whole events only, byte for byte, the first at once and
 * the others gathered for a moment. What comes before it is opened is kept. The thread that reads
 * from the engine adds to it and a {@link Coalescer} sends on what it holds, so that a record is
 * written under its lock; a thread that is held up there holds up this stream alone.
 */
public final class StreamRelay {
  private static final int FIRST_BYTES = 2 * 1024;

  private final AnswerPublisher publisher;
  private final AnswerLimits limits;
  private final ResponseHead head;
  private final ReentrantLock lock = new ReentrantLock();
  private final Optional<GeneratedText> text;
  private final EventReader events;
  private final Optional<RenamedEvents> renamed;
  private SseScanner scanner = new SseScanner();
  private byte[] buffer = new byte[FIRST_BYTES];
  private int length;

  /** Where the last whole event in the buffer ends, and how many there are. */
  private int whole;

  private int wholeEvents;
  private volatile boolean open;
  private boolean headSent;
  private boolean finished;

  /**
   * Nothing is published yet.
   *
   * @param head status and headers of the answer
   */
  public StreamRelay(AnswerPublisher publisher, AnswerLimits limits, ResponseHead head) {
    this(publisher, limits, head, Optional.empty());
  }

  /**
   * Nothing is published yet.
   *
   * @param text what takes note of the text that passes
   */
  public StreamRelay(
      AnswerPublisher publisher,
      AnswerLimits limits,
      ResponseHead head,
      Optional<GeneratedText> text) {
    this(publisher, limits, head, text, new ChoiceEvents(text), Optional.empty());
  }

  private StreamRelay(
      AnswerPublisher publisher,
      AnswerLimits limits,
      ResponseHead head,
      Optional<GeneratedText> text,
      EventReader events,
      Optional<RenamedEvents> renamed) {
    this.publisher = publisher;
    this.limits = limits;
    this.head = head;
    this.text = text;
    this.events = events;
    this.renamed = renamed;
  }

  /**
   * For the stream of a response of OpenAI's Responses API; nothing is published yet.
   *
   * @param fields what the response is to say in place of what the engine says
   */
  public static StreamRelay ofResponse(
      AnswerPublisher publisher, AnswerLimits limits, ResponseHead head, ResponseFields fields) {
    return new StreamRelay(
        publisher,
        limits,
        head,
        Optional.empty(),
        new ResponseEvents(),
        Optional.of(new RenamedEvents(fields, limits)));
  }

  /** What came of a piece of the stream. */
  public enum Progress {
    /** No event with data ended in it. */
    NONE,
    /** At least one event with data did. */
    DATA,
    /** The stream's last event did. */
    DONE
  }

  /** Until then nothing is published: the stream may yet be another's. */
  public boolean isOpen() {
    return open;
  }

  /** Publishes what has come, and from now on what comes. */
  public void open() {
    lock.lock();
    try {
      open = true;
      if (!finished && wholeEvents > 0) {
        flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The text that has passed, if it was to be taken note of; for the thread that reads. */
  public Optional<GeneratedText> text() {
    return text;
  }

  /** How many events with data have come, roughly one a token; for the thread that reads. */
  public int dataEvents() {
    return events.dataEvents();
  }

  /** The last usage the stream gave, or an estimate. */
  public TokenUsage usage(int promptTokens) {
    return events.usage(promptTokens);
  }

  /**
   * Takes a piece of the stream.
   *
   * @throws BadAnswerException if an event is too large
   */
  public Progress accept(byte[] bytes, int offset, int count) throws BadAnswerException {
    lock.lock();
    try {
      int before = length;
      if (renamed.isPresent()) {
        byte[] events = renamed.get().accept(bytes, offset, count);
        append(events, 0, events.length);
      } else {
        append(bytes, offset, count);
      }
      Progress progress = scan(before);
      if (length - whole > limits.event().bytes()) {
        throw new BadAnswerException("an event is larger than " + limits.event());
      }
      if (progress == Progress.DONE) {
        // What is left goes with the end, which comes at once.
        finished = true;
      } else if (open && wholeEvents > 0 && (!headSent || whole >= limits.streamChunk().bytes())) {
        flush();
      } else if (!open && whole > limits.event().bytes()) {
        throw new BadAnswerException("before its first event it sent more than " + limits.event());
      }
      return progress;
    } finally {
      lock.unlock();
    }
  }

  /** Sends on what has been gathered, unless the stream is being worked on this moment. */
  public void flushIfIdle() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (open && !finished && wholeEvents > 0) {
        flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The stream broke off: what follows the last whole event is void, and others may follow it. */
  public void cut() {
    lock.lock();
    try {
      length = whole;
      scanner = new SseScanner();
      if (open && wholeEvents > 0) {
        flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The engine has ended the stream; tells whether its last event had come. */
  public Progress endOfStream() {
    lock.lock();
    try {
      return scanner.endsHere() ? eventEnds(length) : Progress.NONE;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes whatever whole events are left, and the end. Without a single event there is no head
   * either, so that a failure can still have its own status.
   */
  public void finish(EndOf end) {
    lock.lock();
    try {
      finished = true;
      if (!headSent && wholeEvents == 0) {
        publisher.publishEnd(end);
      } else {
        publisher.publishEnd(head(), ByteBuffer.wrap(buffer, 0, whole), wholeEvents, end);
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(byte[] bytes, int offset, int count) {
    if (length + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(length + count, 2 * buffer.length));
    }
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  private Progress scan(int from) {
    Progress progress = Progress.NONE;
    for (int i = from; i < length && progress != Progress.DONE; i++) {
      progress =
          switch (scanner.step(buffer[i])) {
            case WITHIN -> progress;
            case END -> later(progress, eventEnds(i + 1));
            case ENDED_BEFORE -> later(progress, eventEnds(i));
            case ENDED_BEFORE_AND_END -> later(later(progress, eventEnds(i)), eventEnds(i + 1));
          };
    }
    return progress;
  }

  private Progress eventEnds(int end) {
    EventReader.Kind kind = events.accept(buffer, whole, end);
    whole = end;
    wholeEvents++;
    return switch (kind) {
      case OTHER -> Progress.NONE;
      case DATA -> Progress.DATA;
      case DONE -> Progress.DONE;
    };
  }

  private static Progress later(Progress one, Progress other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private void flush() {
    publisher.publish(head(), ByteBuffer.wrap(buffer, 0, whole), wholeEvents);
    headSent = true;
    System.arraycopy(buffer, whole, buffer, 0, length - whole);
    length -= whole;
    whole = 0;
    wholeEvents = 0;
  }

  private Optional<ResponseHead> head() {
    return headSent ? Optional.empty() : Optional.of(head);
  }
}
