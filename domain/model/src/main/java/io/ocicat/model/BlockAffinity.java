package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;

/**
 * The lease of a block of addresses to a node ({@code projectcalico.org/v3} BlockAffinity).
 *
 * @param metadata the name, which {@link #of} derives from the block
 * @param node the node
 * @param cidr the block
 * @param state whether the lease holds
 */
public record BlockAffinity(Metadata metadata, String node, Cidr cidr, State state) {

  /** Where a lease stands. */
  public enum State {
    /** The node may give addresses from the block. */
    CONFIRMED("confirmed"),
    /** Asked for, not yet granted. */
    PENDING("pending"),
    /** Being given back. */
    PENDING_DELETION("pendingDeletion");

    private final String documentName;

    State(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }

    private static State named(String name) {
      return switch (name) {
        case "pending" -> PENDING;
        case "pendingDeletion" -> PENDING_DELETION;
        default -> CONFIRMED;
      };
    }
  }

  /** A confirmed lease under its canonical name. */
  public static BlockAffinity of(String node, Cidr cidr) {
    return new BlockAffinity(Metadata.of("", nameFor(cidr)), node, cidr, State.CONFIRMED);
  }

  /**
   * The name under which the lease of this block is stored, e.g. {@code 10-0-0-64-26}. It says
   * nothing of the node, so that a block has one lease at most, however many write leases.
   */
  public static String nameFor(Cidr cidr) {
    // One dash for each separator: "::" has to stay apart from ":".
    return cidr.toString().replaceAll("[.:/]", "-").replaceAll("^-", "0-");
  }

  /**
   * Reads a document of kind BlockAffinity.
   *
   * @throws UnreadableDocumentException if the block cannot be read
   */
  public static BlockAffinity read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    return new BlockAffinity(
        Metadata.read(document),
        spec.text("node"),
        spec.cidr("cidr"),
        State.named(spec.text("state")));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** This lease as a document. */
  public ObjectNode document() {
    ObjectNode document = metadata.document(Kinds.BLOCK_AFFINITY);
    document
        .putObject("spec")
        .put("state", state.documentName())
        .put("node", node)
        .put("type", "host")
        .put("cidr", cidr.toString())
        .put("deleted", false);
    return document;
  }
}
