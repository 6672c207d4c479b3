package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;

/**
 * The condition of that name in an {@link IpPool}'s status: whether new addresses come from it, and
 * if not, why.
 *
 * @param reason in one word
 * @param message for people
 */
public record Allocatable(Reason reason, String message) {
  private static final String TYPE = "Allocatable";

  /** Why, as Calico words it. */
  public enum Reason {
    /** They do. */
    OK("OK"),
    /** The pool is disabled. */
    POOL_DISABLED("PoolDisabled"),
    /** The pool is being deleted. */
    TERMINATING("Terminating"),
    /** An older pool has addresses in common with it. */
    CIDR_OVERLAP("CIDROverlap");

    private final String documentName;

    Reason(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }
  }

  /**
   * Judges a pool.
   *
   * @param elders the pools that were there before it
   */
  public static Allocatable of(IpPool pool, Collection<IpPool> elders) {
    if (pool.metadata().isDeleting()) {
      return new Allocatable(Reason.TERMINATING, "the pool is being deleted");
    }
    if (pool.disabled()) {
      return new Allocatable(Reason.POOL_DISABLED, "spec.disabled is true");
    }
    Optional<IpPool> overlapped =
        elders.stream().filter(elder -> elder.cidr().overlaps(pool.cidr())).findFirst();
    return overlapped
        .map(
            elder ->
                new Allocatable(
                    Reason.CIDR_OVERLAP,
                    "the older IPPool %s has %s".formatted(elder.name(), elder.cidr())))
        .orElseGet(() -> new Allocatable(Reason.OK, "nodes can lease blocks of the pool"));
  }

  /** Whether new addresses come from the pool. */
  public boolean status() {
    return reason == Reason.OK;
  }

  /**
   * Writes the condition into the pool's document. The time of the last transition changes only
   * with the status.
   *
   * @param now RFC 3339
   */
  public void writeInto(ObjectNode document, String now) {
    ArrayNode conditions = document.withObject("/status").withArray("conditions");
    ObjectNode condition = find(conditions).orElseGet(conditions::addObject);
    String status = status() ? "True" : "False";
    if (!condition.path("status").asText().equals(status)) {
      condition.put("lastTransitionTime", now);
    }
    condition
        .put("type", TYPE)
        .put("status", status)
        .put("reason", reason.documentName())
        .put("message", message);
  }

  private static Optional<ObjectNode> find(ArrayNode conditions) {
    for (JsonNode each : conditions) {
      if (each instanceof ObjectNode condition && condition.path("type").asText().equals(TYPE)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }
}
