package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * A NetworkSet or GlobalNetworkSet of {@code projectcalico.org/v3}: addresses that selectors choose
 * by the set's labels.
 *
 * @param metadata the name, the labels, and the namespace of a NetworkSet
 * @param nets the ranges, of either family
 * @param problems ranges that could not be read and are left out
 */
public record NetworkSet(Metadata metadata, List<Cidr> nets, List<String> problems) {
  /** Copies the lists. */
  public NetworkSet {
    nets = List.copyOf(nets);
    problems = List.copyOf(problems);
  }

  /** Reads a document of either kind. */
  public static NetworkSet read(JsonNode document) {
    List<Cidr> nets = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Fields item : Fields.of(document).at("spec").list("nets")) {
      try {
        nets.add(item.ownParsed(CalicoRules::net));
      } catch (UnreadableDocumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    return new NetworkSet(Metadata.read(document), nets, problems);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The labels by which selectors choose it. */
  public Labels labels() {
    return metadata.labels();
  }
}
