package io.ocicat.lab.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.traffic.Listen;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the lab asks of its serving process, and how it is written. */
public sealed interface Requests {

  /**
   * Answer in that namespace from now on, in the place of what answered there before.
   *
   * @param name what the responder calls itself
   * @param addresses where a namespace with several is asked over UDP; else none
   */
  record Answer(Path netns, String name, List<IpAddress> addresses, List<Listen> ports)
      implements Requests {
    /** Copies the lists. */
    public Answer {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }
  }

  /** Do not answer in that namespace any more. */
  record Silence(Path netns) implements Requests {}

  /** Send these probes in parallel; the answers come in the same order. */
  record Probes(List<Probe> probes) implements Requests {
    /** Copies the list. */
    public Probes {
      probes = List.copyOf(probes);
    }
  }

  /** A probe from a namespace. */
  record Probe(Path netns, Prober.Target target) {}

  /** One line of JSON. */
  static ObjectNode encode(Requests request) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (request) {
      case Answer answer -> {
        node.put("do", "answer").put("netns", answer.netns().toString()).put("name", answer.name());
        ArrayNode addresses = node.putArray("addresses");
        answer.addresses().forEach(address -> addresses.add(address.toString()));
        ArrayNode ports = node.putArray("ports");
        answer.ports().forEach(port -> ports.add(port.toString()));
      }
      case Silence silence -> node.put("do", "silence").put("netns", silence.netns().toString());
      case Probes probes -> {
        ArrayNode list = node.put("do", "probe").putArray("probes");
        for (Probe probe : probes.probes()) {
          Prober.Target target = probe.target();
          list.addObject()
              .put("netns", probe.netns().toString())
              .put("to", target.to().toString())
              .put("port", target.port())
              .put("protocol", target.protocol().toString())
              .put("timeoutNs", target.timeout().toNanos());
        }
      }
    }
    return node;
  }

  /**
   * @throws IllegalArgumentException if it is no request
   */
  static Requests decode(JsonNode node) {
    return switch (node.path("do").asText()) {
      case "answer" -> {
        List<Listen> ports = new ArrayList<>();
        node.path("ports").forEach(port -> ports.add(Listen.parse(port.asText())));
        List<IpAddress> addresses = new ArrayList<>();
        node.path("addresses").forEach(text -> addresses.add(IpAddress.parse(text.asText())));
        yield new Answer(netns(node), node.path("name").asText(), addresses, ports);
      }
      case "silence" -> new Silence(netns(node));
      case "probe" -> {
        List<Probe> probes = new ArrayList<>();
        for (JsonNode probe : node.path("probes")) {
          probes.add(
              new Probe(
                  netns(probe),
                  new Prober.Target(
                      IpAddress.parse(probe.path("to").asText()),
                      probe.path("port").asInt(),
                      Protocol.named(probe.path("protocol").asText()).orElseThrow(),
                      Duration.ofNanos(probe.path("timeoutNs").asLong()))));
        }
        yield new Probes(probes);
      }
      default -> throw new IllegalArgumentException("no request: " + node);
    };
  }

  private static Path netns(JsonNode node) {
    return Path.of(node.path("netns").asText());
  }

  /** A result as the answer holds it. */
  static ObjectNode encode(ProbeResult result) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("verdict", result.verdict().name())
        .put("peerSaw", result.peerSaw())
        .put("responder", result.responder())
        .put("roundTripNs", result.roundTrip().toNanos())
        .put("detail", result.detail());
  }

  /** The result that {@link #encode(ProbeResult)} wrote. */
  static ProbeResult decodeResult(JsonNode node) {
    return new ProbeResult(
        Verdict.valueOf(node.path("verdict").asText()),
        node.path("peerSaw").asText(),
        node.path("responder").asText(),
        Duration.ofNanos(node.path("roundTripNs").asLong()),
        node.path("detail").asText());
  }
}
