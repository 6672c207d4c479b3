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

  /** {@code svc:NS/SERVICE}. */
  record OfService(String namespace, String name) implements EndWord {
    @Override
    public String toString() {
      return "svc:" + namespace + "/" + name;
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
   * @param namespace of pods and Services that are named without one
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
    boolean service = text.startsWith("svc:");
    String[] parts = (service ? text.substring("svc:".length()) : text).split("/", -1);
    String in = parts.length == 1 ? namespace : parts[0];
    String name = parts[parts.length - 1];
    if (parts.length > 2 || !isName(in) || !isName(name)) {
      return Optional.empty();
    }
    return Optional.of(service ? new OfService(in, name) : new OfPod(in, name));
  }

  private static boolean isName(String text) {
    return text.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  }
}
