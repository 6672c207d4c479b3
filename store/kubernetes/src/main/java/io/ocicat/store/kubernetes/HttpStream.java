package io.ocicat.store.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watch's answer, cut into lines. The next part is asked for only when the one before has been
 * read, so a slow reader holds the server up and not the memory.
 */
final class HttpStream implements ApiServer.Stream, AsyncBody.Consumer<List<ByteBuffer>> {
  private sealed interface Part {
    record Bytes(List<ByteBuffer> buffers) implements Part {}

    record End() implements Part {}

    record Broken(Throwable cause) implements Part {}
  }

  private final String call;
  private final LinkedBlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private @Nullable AsyncBody body;

  HttpStream(String call) {
    this.call = call;
  }

  void begin(AsyncBody started) {
    body = started;
    CompletableFuture<Void> _ =
        started
            .done()
            .whenComplete(
                (_, cause) -> parts.add(cause == null ? new Part.End() : new Part.Broken(cause)));
    started.consume();
  }

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody from) {
    parts.add(new Part.Bytes(List.copyOf(buffers)));
  }

  @Override
  public Optional<String> next(Duration patience) throws ApiException, InterruptedException {
    while (lines.isEmpty()) {
      Part part = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      switch (part) {
        case null -> throw ApiException.silent(call, patience);
        case Part.Bytes(List<ByteBuffer> buffers) -> {
          buffers.forEach(this::split);
          if (body != null) {
            body.consume();
          }
        }
        case Part.End() -> {
          // For whoever asks again.
          parts.add(part);
          String rest = partial.toString(StandardCharsets.UTF_8);
          partial.reset();
          return rest.isBlank() ? Optional.empty() : Optional.of(rest);
        }
        case Part.Broken(Throwable cause) -> {
          parts.add(part);
          throw new ApiException(call, cause);
        }
      }
    }
    return Optional.of(lines.removeFirst());
  }

  private void split(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next == '\n') {
        lines.addLast(partial.toString(StandardCharsets.UTF_8));
        partial.reset();
      } else {
        partial.write(next);
      }
    }
  }

  @Override
  public void close() {
    if (body != null) {
      body.cancel();
    }
  }
}
