package io.ocicat.cli.explain;

import io.ocicat.inet.IpAddress;
import java.util.Optional;

/** An end of a flow, as a person names it. */
sealed interface EndWord {

  /** {@code NS/POD}. */
  record OfPod(String namespace, String name) implements EndWord {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** {@code node:NODE}. */
  record OfNode(String name) implements EndWord {
    @Override
    public String toString() {
      return "node:" + name;
    }
  }

  /** An address. */
  record OfAddress(IpAddress address) implements EndWord {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * Reads what was typed; empty if it is nothing of these.
   *
   * @param namespace of pods that are named without one
   */
  static Optional<EndWord> parse(String text, String namespace) {
    Optional<IpAddress> address = IpAddress.tryParse(text);
    if (address.isPresent()) {
      return address.map(OfAddress::new);
    }
    if (text.startsWith("node:")) {
      String name = text.substring("node:".length());
      return isName(name) ? Optional.of(new OfNode(name)) : Optional.empty();
    }
    String[] parts = text.split("/", -1);
    return switch (parts.length) {
      case 1 -> isName(text) ? Optional.of(new OfPod(namespace, text)) : Optional.empty();
      case 2 ->
          isName(parts[0]) && isName(parts[1])
              ? Optional.of(new OfPod(parts[0], parts[1]))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isName(String text) {
    return text.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  }
}
