package io.ocicat.sync;

import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * How an agent says its node is.
 *
 * @param addresses where other nodes reach it
 * @param labels that a Node object made for it starts with
 * @param ready it wires pods and its kernel holds what it last acknowledged
 * @param counters drift put right, by name
 * @param problems sentences for people; empty when all is well
 */
public record NodeReport(
    List<IpAddress> addresses,
    Map<String, String> labels,
    boolean ready,
    Map<String, Long> counters,
    List<String> problems) {

  public NodeReport {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
    counters = Map.copyOf(counters);
    problems = List.copyOf(problems);
  }
}
