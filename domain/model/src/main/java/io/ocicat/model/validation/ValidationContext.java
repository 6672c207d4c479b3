package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.IpPool;
import java.util.List;

/**
 * What else there is that a document has to fit.
 *
 * @param previous the object as it is stored; empty when it is being created
 * @param pools all pools there are; the object itself may be among them
 * @param tiers the names of all tiers; empty if they are not known
 */
public record ValidationContext(ObjectNode previous, List<IpPool> pools, List<String> tiers) {
  /** Copies the lists. */
  public ValidationContext {
    pools = List.copyOf(pools);
    tiers = List.copyOf(tiers);
  }

  /** The object is new. */
  public static ValidationContext creating() {
    return new ValidationContext(JsonNodeFactory.instance.objectNode(), List.of(), List.of());
  }

  /** The object replaces this one. */
  public static ValidationContext updating(ObjectNode previous) {
    return new ValidationContext(previous, List.of(), List.of());
  }

  /** The same, next to these pools. */
  public ValidationContext with(List<IpPool> pools) {
    return new ValidationContext(previous, pools, tiers);
  }

  /** The same, with these tiers. */
  public ValidationContext withTiers(List<String> tiers) {
    return new ValidationContext(previous, pools, tiers);
  }

  /** Whether there was an object before. */
  boolean isUpdate() {
    return !previous.isEmpty();
  }
}
