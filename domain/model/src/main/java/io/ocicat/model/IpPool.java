package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.selector.Selector;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A range from which pods get addresses ({@code projectcalico.org/v3} IPPool).
 *
 * @param metadata the name
 * @param cidr the range
 * @param blockSize the prefix length of the blocks that nodes lease
 * @param nodeSelector the nodes that take from it
 * @param namespaceSelector the namespaces whose pods take from it
 * @param ipipMode wish for IP-in-IP encapsulation
 * @param vxlanMode wish for VXLAN encapsulation
 * @param natOutgoing whether traffic to outside all pools gets the node's address
 * @param disabled whether no new addresses are given from it
 * @param disableBgpExport whether its routes stay unannounced
 * @param allowedUses what its addresses may be for
 * @param assignmentMode whether a pod has to ask for it by name
 */
public record IpPool(
    Metadata metadata,
    Cidr cidr,
    int blockSize,
    Selector nodeSelector,
    Selector namespaceSelector,
    Encapsulation ipipMode,
    Encapsulation vxlanMode,
    boolean natOutgoing,
    boolean disabled,
    boolean disableBgpExport,
    Set<Use> allowedUses,
    AssignmentMode assignmentMode) {

  /** When packets between nodes are wrapped in another header. */
  public enum Encapsulation {
    /** Never. */
    NEVER("Never"),
    /** Between all nodes. */
    ALWAYS("Always"),
    /** Between nodes of different subnets. */
    CROSS_SUBNET("CrossSubnet");

    private final String documentName;

    Encapsulation(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }

    private static Encapsulation named(String name) {
      return switch (name) {
        case "Always" -> ALWAYS;
        case "CrossSubnet" -> CROSS_SUBNET;
        default -> NEVER;
      };
    }
  }

  /** What an address is for. */
  public enum Use {
    /** Pods. */
    WORKLOAD("Workload"),
    /** The nodes' tunnel devices. */
    TUNNEL("Tunnel"),
    /** Services of type LoadBalancer. */
    LOAD_BALANCER("LoadBalancer");

    private final String documentName;

    Use(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }
  }

  /** Whether addresses are given without being asked for by the pool's name. */
  public enum AssignmentMode {
    /** To any pod that may use the pool. */
    AUTOMATIC,
    /** Only to pods that name the pool. */
    MANUAL
  }

  /** Copies the set. */
  public IpPool {
    allowedUses = Set.copyOf(allowedUses);
  }

  /** An enabled pool with upstream's defaults for everything else. */
  public static IpPool of(String name, Cidr cidr) {
    return new IpPool(
        Metadata.of("", name),
        cidr,
        defaultBlockSize(cidr.family()),
        Selector.parse("all()"),
        Selector.parse("all()"),
        Encapsulation.NEVER,
        Encapsulation.NEVER,
        false,
        false,
        false,
        EnumSet.of(Use.WORKLOAD, Use.TUNNEL),
        AssignmentMode.AUTOMATIC);
  }

  /** The prefix length of blocks where the document gives none: 26 and 122. */
  public static int defaultBlockSize(IpFamily family) {
    return switch (family) {
      case IPV4 -> 26;
      case IPV6 -> 122;
    };
  }

  /**
   * Reads a document of kind IPPool; absent fields have upstream's defaults.
   *
   * @throws UnreadableDocumentException if the range or a selector cannot be read
   */
  public static IpPool read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Cidr cidr = spec.cidr("cidr");
    int blockSize = spec.number("blockSize", 0);
    return new IpPool(
        Metadata.read(document),
        cidr,
        blockSize == 0 ? defaultBlockSize(cidr.family()) : blockSize,
        spec.selector("nodeSelector"),
        spec.selector("namespaceSelector"),
        Encapsulation.named(spec.text("ipipMode")),
        Encapsulation.named(spec.text("vxlanMode")),
        spec.flag("natOutgoing"),
        spec.flag("disabled"),
        spec.flag("disableBGPExport"),
        usesOf(spec.texts("allowedUses")),
        spec.text("assignmentMode").equals("Manual")
            ? AssignmentMode.MANUAL
            : AssignmentMode.AUTOMATIC);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** Whether new addresses for pods may come from it without being asked for by name. */
  public boolean isAllocatable() {
    return !disabled
        && !metadata.isDeleting()
        && assignmentMode == AssignmentMode.AUTOMATIC
        && allowedUses.contains(Use.WORKLOAD);
  }

  /** This pool as a document, with all fields written out. */
  public ObjectNode document() {
    ObjectNode document = metadata.document(Kinds.IP_POOL);
    ObjectNode spec = document.putObject("spec");
    spec.put("cidr", cidr.toString())
        .put("blockSize", blockSize)
        .put("nodeSelector", nodeSelector.canonical())
        .put("ipipMode", ipipMode.documentName())
        .put("vxlanMode", vxlanMode.documentName())
        .put("natOutgoing", natOutgoing)
        .put("disabled", disabled)
        .put("disableBGPExport", disableBgpExport)
        .put("assignmentMode", assignmentMode == AssignmentMode.MANUAL ? "Manual" : "Automatic");
    if (!(namespaceSelector instanceof Selector.All)) {
      spec.put("namespaceSelector", namespaceSelector.canonical());
    }
    allowedUses.stream().sorted().map(Use::documentName).forEach(spec.putArray("allowedUses")::add);
    return document;
  }

  private static Set<Use> usesOf(List<String> names) {
    Set<Use> uses = EnumSet.noneOf(Use.class);
    for (Use use : Use.values()) {
      if (names.contains(use.documentName())) {
        uses.add(use);
      }
    }
    return names.isEmpty() ? EnumSet.of(Use.WORKLOAD, Use.TUNNEL) : uses;
  }
}
