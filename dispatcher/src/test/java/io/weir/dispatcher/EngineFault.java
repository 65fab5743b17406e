package io.weir.dispatcher;

import static io.weir.dispatcher.FakeEngine.ascii;
import static io.weir.dispatcher.FakeEngine.chunk;
import static io.weir.dispatcher.FakeEngine.sseHead;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** How an engine can fail before the first byte, and what may be tried again. */
enum EngineFault {
  OVERLOADED("engine_overloaded") {
    @Override
    void happen(OutputStream out) throws IOException {
      status(out, 429, "");
    }
  },
  UNAVAILABLE("engine_overloaded") {
    @Override
    void happen(OutputStream out) throws IOException {
      status(out, 503, "");
    }
  },
  ERROR("engine_error") {
    @Override
    void happen(OutputStream out) throws IOException {
      status(out, 500, "");
    }
  },
  NO_STREAM("engine_bad_answer") {
    @Override
    void happen(OutputStream out) throws IOException {
      status(out, 200, "");
    }
  },
  NO_HTTP("engine_bad_answer") {
    @Override
    void happen(OutputStream out) throws IOException {
      out.write(ascii("SSH-2.0-OpenSSH_9.6\r\n\r\n"));
    }
  },
  DEATH("engine_died") {
    @Override
    void happen(OutputStream out) throws IOException {
      throw new IOException("gone");
    }
  },
  DEATH_AFTER_A_COMMENT("engine_died") {
    @Override
    void happen(OutputStream out) throws IOException {
      out.write(sseHead());
      out.write(chunk(": soon\n\ndata: ha"));
      out.flush();
      throw new IOException("gone");
    }
  },
  SILENCE("engine_timeout") {
    @Override
    void happen(OutputStream out) throws IOException, InterruptedException {
      new CountDownLatch(1).await();
    }
  };

  final String reason;

  EngineFault(String reason) {
    this.reason = reason;
  }

  abstract void happen(OutputStream out) throws IOException, InterruptedException;

  static void status(OutputStream out, int status, String headers) throws IOException {
    out.write(
        ascii(
            "HTTP/1.1 %d X\r\n%sContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(status, headers)));
  }
}
