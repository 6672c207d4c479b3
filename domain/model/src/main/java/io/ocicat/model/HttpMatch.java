package io.ocicat.model;

import java.util.List;

/**
 * What a Calico rule asks of HTTP requests. It is kept as written and not enforced: packets are
 * judged without it only where the caller decides so.
 *
 * @param methods such as GET; empty for all
 * @param paths empty for all
 */
public record HttpMatch(List<String> methods, List<Path> paths) {
  /** The rule says nothing of HTTP. */
  public static final HttpMatch NOT_GIVEN = new HttpMatch(List.of(), List.of());

  /** The path of a request. */
  public sealed interface Path {
    /**
     * This path alone.
     *
     * @param path begins with a slash
     */
    record Exact(String path) implements Path {}

    /**
     * Every path that begins so.
     *
     * @param prefix begins with a slash
     */
    record Prefix(String prefix) implements Path {}
  }

  /** Copies the lists. */
  public HttpMatch {
    methods = List.copyOf(methods);
    paths = List.copyOf(paths);
  }

  /** Whether the rule says anything of HTTP. */
  public boolean isGiven() {
    return !methods.isEmpty() || !paths.isEmpty();
  }
}
