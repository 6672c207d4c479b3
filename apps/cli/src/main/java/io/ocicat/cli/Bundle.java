package io.ocicat.cli;

import io.ocicat.client.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A tar.gz of texts for a report, bounded in size and time. Private keys, tokens and passwords are
 * left out of every text, wherever it comes from.
 */
final class Bundle implements Closeable {
  /** Of a longer text only the end is kept. */
  static final int MOST_BYTES_OF_ENTRY = 8 << 20;

  static final String LEFT_OUT = "[left out]";

  private static final long MOST_BYTES = 128L << 20;
  private static final int BLOCK = 512;

  /** Each with the group of what stays. */
  private static final List<Pattern> SECRETS =
      List.of(
          Pattern.compile(
              "()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)",
              Pattern.DOTALL),
          // A key whose beginning was cut off.
          Pattern.compile("()\\A[A-Za-z0-9+/=\\s]*+-----END [A-Z ]*PRIVATE KEY-----"),
          // PEM in base64, as kubeconfigs and Secrets have it.
          Pattern.compile("()LS0tLS1CRUdJTi[A-Za-z0-9+/=]*"),
          // A JSON web token, such as those of service accounts.
          Pattern.compile("()eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*"),
          Pattern.compile("((?:Bearer|Basic) )[A-Za-z0-9._~+/=-]{8,}", Pattern.CASE_INSENSITIVE),
          Pattern.compile(
              "((?:token|password|secret|key-data)\\\\?[\"']?\\s?[:=]\\s?\\\\?[\"']?)[^\\s\"'\\\\,{}]{8,}",
              Pattern.CASE_INSENSITIVE),
          Pattern.compile("(://[^/\\s:@\"]+:)[^/\\s@\"]+(?=@)"));

  private final OutputStream out;
  private final String folder;
  private final Instant time;
  private final long endNs;
  private final List<String> problems = new ArrayList<>();
  private long written;

  /**
   * @param folder in which all entries are
   * @param limit after which nothing more is waited for
   */
  Bundle(OutputStream out, String folder, Instant time, Duration limit) throws IOException {
    this.out = new GZIPOutputStream(out);
    this.folder = folder;
    this.time = time;
    this.endNs = System.nanoTime() + limit.toNanos();
  }

  /**
   * Puts in what can be had in time; what cannot is listed in the end.
   *
   * @param text runs as in {@link #ask}
   * @throws IOException if the bundle cannot be written
   */
  void add(String name, Callable<String> text) throws IOException {
    Optional<String> found = ask(name, text);
    if (found.isPresent()) {
      put(name, found.get());
    }
  }

  /**
   * What a source answers; empty, and listed in the end, if it fails or the time is over.
   *
   * @param source runs on a thread of its own, which is interrupted when the time is over
   */
  <T> Optional<T> ask(String name, Callable<T> source) {
    FutureTask<T> task = new FutureTask<>(source);
    long leftNs = endNs - System.nanoTime();
    if (leftNs <= 0) {
      problems.add(name + ": not begun, for the time was over");
      return Optional.empty();
    }
    Thread.ofPlatform().daemon().name("diags-" + name).start(task);
    try {
      return Optional.of(task.get(leftNs, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      task.cancel(true);
      problems.add(name + ": not there when the time was over");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      problems.add(name + ": interrupted");
    } catch (ExecutionException e) {
      problems.add(name + ": " + why(e.getCause()));
    }
    return Optional.empty();
  }

  private static String why(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> "it failed";
      case ApiException refused -> refused.headline();
      case IOException io -> io.toString();
      case RuntimeException e -> String.valueOf(e.getMessage());
      default -> cause.toString();
    };
  }

  /** Something that is not in it, and why. */
  void missing(String what) {
    problems.add(what);
  }

  /** What could not be had. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * Puts a text in, or notes that there is no room.
   *
   * @throws IOException if the bundle cannot be written
   */
  void put(String name, String text) throws IOException {
    byte[] bytes = withoutSecrets(text).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES_OF_ENTRY) {
      bytes = Arrays.copyOfRange(bytes, bytes.length - MOST_BYTES_OF_ENTRY, bytes.length);
      problems.add(name + ": only its last " + MOST_BYTES_OF_ENTRY + " bytes");
    }
    if (written + bytes.length > MOST_BYTES) {
      problems.add(name + ": the bundle is full, with " + MOST_BYTES + " bytes");
      return;
    }
    written += bytes.length;
    out.write(header(name, bytes.length));
    out.write(bytes);
    out.write(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
  }

  static String withoutSecrets(String text) {
    String result = text;
    for (Pattern secret : SECRETS) {
      result = secret.matcher(result).replaceAll("$1" + LEFT_OUT);
    }
    return result;
  }

  /** A ustar header (POSIX.1-1988). Of a file name of more than 100 bytes the end is kept. */
  private byte[] header(String name, int size) {
    int slash = name.lastIndexOf('/');
    String file = name.substring(slash + 1);
    ByteArrayOutputStream header = new ByteArrayOutputStream(BLOCK);
    field(header, file.substring(Math.max(0, file.length() - 100)), 100);
    field(header, "0000600", 8);
    field(header, "0000000", 8);
    field(header, "0000000", 8);
    field(header, "%011o".formatted(size), 12);
    field(header, "%011o".formatted(time.getEpochSecond()), 12);
    field(header, "        ", 8);
    field(header, "0", 1);
    field(header, "", 100);
    field(header, "ustar", 6);
    field(header, "00", 2);
    field(header, "", 32 + 32 + 8 + 8);
    field(header, slash < 0 ? folder : folder + "/" + name.substring(0, slash), 155);
    field(header, "", BLOCK - header.size());
    byte[] bytes = header.toByteArray();
    int sum = 0;
    for (byte each : bytes) {
      sum += each & 0xff;
    }
    byte[] checksum = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(checksum, 0, bytes, 148, checksum.length);
    return bytes;
  }

  private static void field(ByteArrayOutputStream header, String text, int length) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int used = Math.min(bytes.length, length);
    header.write(bytes, 0, used);
    header.write(new byte[length - used], 0, length - used);
  }

  /** A file's end, as far as an entry holds. */
  static String tail(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long from = Math.max(0, channel.size() - MOST_BYTES_OF_ENTRY);
      ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - from));
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
        // Until all is read.
      }
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
  }

  /** Writes the list of what is missing, and the end. */
  @Override
  public void close() throws IOException {
    String missing = problems.isEmpty() ? "nothing" : String.join("\n", problems);
    byte[] bytes = withoutSecrets(missing + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(header("missing.txt", bytes.length));
    out.write(bytes);
    out.write(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK + 2 * BLOCK]);
    out.close();
  }
}
