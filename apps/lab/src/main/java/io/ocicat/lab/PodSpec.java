package io.ocicat.lab;

import io.ocicat.lab.traffic.Listen;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A pod to be added.
 *
 * @param namespace its namespace, made if missing
 * @param name its name
 * @param node its node; empty for the one with the fewest pods
 * @param labels its labels
 * @param annotations its annotations
 * @param listen the ports that its responder answers on
 * @param portNames names of ports, each also listened on
 */
public record PodSpec(
    String namespace,
    String name,
    String node,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Listen> listen,
    Map<String, Listen> portNames) {
  /** What is answered on if nothing else is said. */
  public static final List<Listen> DEFAULT_LISTEN =
      List.of(Listen.parse("80/tcp"), Listen.parse("80/udp"));

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,60}[a-z0-9])?");

  /**
   * @throws LabException if a name cannot be
   */
  public PodSpec {
    for (String each : List.of(namespace, name)) {
      if (!NAME.matcher(each).matches()) {
        throw new LabException(
            "add pod "
                + namespace
                + "/"
                + name
                + ": '"
                + each
                + "' is no name; use up to 62 lower case letters, digits, '-' and '.'");
      }
    }
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    listen = List.copyOf(listen);
    portNames = Map.copyOf(portNames);
  }

  /** A pod with the default ports, on whichever node. */
  public static PodSpec of(String namespace, String name) {
    return new PodSpec(namespace, name, "", Map.of(), Map.of(), DEFAULT_LISTEN, Map.of());
  }

  /** The same on that node. */
  public PodSpec on(String node) {
    return new PodSpec(namespace, name, node, labels, annotations, listen, portNames);
  }

  /** The same with these labels. */
  public PodSpec labelled(Map<String, String> labels) {
    return new PodSpec(namespace, name, node, labels, annotations, listen, portNames);
  }

  /** The same, listening on these ports alone. */
  public PodSpec listening(List<Listen> listen) {
    return new PodSpec(namespace, name, node, labels, annotations, listen, portNames);
  }
}
