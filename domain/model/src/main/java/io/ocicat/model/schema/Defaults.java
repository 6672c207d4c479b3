package io.ocicat.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Namespace;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Presence;
import io.ocicat.model.schema.Schema.Struct;
import java.util.Set;

/**
 * Fills in what a document leaves out, as upstream does before validation and storage. Doing it
 * twice is the same as doing it once. Documents of the wrong form are left as they are, for
 * validation to find.
 */
public final class Defaults {
  /** The label that tells a policy's tier. */
  public static final String TIER_LABEL = "projectcalico.org/tier";

  private static final Set<ResourceKind> CALICO_POLICIES =
      Set.of(
          Kinds.CALICO_NETWORK_POLICY,
          Kinds.GLOBAL_NETWORK_POLICY,
          Kinds.STAGED_NETWORK_POLICY,
          Kinds.STAGED_GLOBAL_NETWORK_POLICY);

  private Defaults() {}

  /**
   * Fills the document in, in place. Fields that are null count as absent and are removed; IPPool
   * fields of the first Calico version ({@code ipip}, {@code nat-outgoing}) become what they are
   * called today.
   */
  public static void fill(ResourceKind kind, ObjectNode document) {
    if (kind.equals(Kinds.IP_POOL) && document.get("spec") instanceof ObjectNode spec) {
      modernisePool(spec);
    }
    fill(Schemas.of(kind), document);
    if (kind.equals(Kinds.NAMESPACE) && document.get("metadata") instanceof ObjectNode metadata) {
      labelNamespace(metadata);
    }
    if (CALICO_POLICIES.contains(kind)) {
      labelWithTier(document);
    }
    if (document.get("spec") instanceof ObjectNode spec) {
      if (spec.path("stagedAction").asText().equals("Delete")) {
        return;
      }
      if (CALICO_POLICIES.contains(kind)) {
        fillCalicoTypes(spec);
      } else if (kind.equals(Kinds.NETWORK_POLICY)
          || kind.equals(Kinds.STAGED_KUBERNETES_NETWORK_POLICY)) {
        fillPolicyTypes(spec);
      } else if (kind.equals(Kinds.IP_POOL)) {
        fillBlockSize(spec);
      }
    }
  }

  private static void fill(Schema schema, JsonNode value) {
    switch (schema) {
      case Struct struct when value instanceof ObjectNode object -> fillObject(struct, object);
      case Mapping mapping when value instanceof ObjectNode object ->
          object.forEach(each -> fill(mapping.values(), each));
      case Listing listing when value instanceof ArrayNode array ->
          array.forEach(each -> fill(listing.items(), each));
      case Struct _, Mapping _, Listing _ -> {}
      case Schema.Text _,
          Schema.Whole _,
          Schema.Real _,
          Schema.Flag _,
          Schema.NumberOrName _,
          Schema.Anything _ -> {}
    }
  }

  private static void fillObject(Struct struct, ObjectNode object) {
    for (Field field : struct.fields().values()) {
      JsonNode value = object.get(field.name());
      if (value != null && value.isNull()) {
        object.remove(field.name());
        value = null;
      }
      if (value != null) {
        fill(field.schema(), value);
      } else if (field.presence() instanceof Presence.Defaulted(JsonNode filling)) {
        object.set(field.name(), filling.deepCopy());
      }
    }
  }

  private static void labelNamespace(ObjectNode metadata) {
    String name = metadata.path("name").asText();
    if (!name.isEmpty() && (!metadata.has("labels") || metadata.get("labels").isObject())) {
      metadata.withObjectProperty("labels").put(Namespace.NAME_LABEL, name);
    }
  }

  private static void labelWithTier(ObjectNode document) {
    JsonNode tier = document.at("/spec/tier");
    if (tier.isTextual()
        && TextChecks.dnsLabel(tier.textValue()).isEmpty()
        && document.get("metadata") instanceof ObjectNode metadata
        && (!metadata.has("labels") || metadata.get("labels").isObject())) {
      metadata.withObjectProperty("labels").set(TIER_LABEL, tier);
    }
  }

  private static void fillCalicoTypes(ObjectNode spec) {
    if (spec.has("types")) {
      return;
    }
    boolean hasEgress = !spec.path("egress").isEmpty();
    ArrayNode types = spec.putArray("types");
    if (!hasEgress || !spec.path("ingress").isEmpty()) {
      types.add("Ingress");
    }
    if (hasEgress) {
      types.add("Egress");
    }
  }

  private static void fillPolicyTypes(ObjectNode spec) {
    if (!spec.path("policyTypes").isEmpty()
        || (spec.has("policyTypes") && !spec.get("policyTypes").isArray())) {
      return;
    }
    ArrayNode types = spec.putArray("policyTypes").add("Ingress");
    if (!spec.path("egress").isEmpty()) {
      types.add("Egress");
    }
  }

  private static void fillBlockSize(ObjectNode spec) {
    if (!spec.has("blockSize") || spec.path("blockSize").asInt(-1) == 0) {
      Cidr.tryParse(spec.path("cidr").asText())
          .ifPresent(cidr -> spec.put("blockSize", IpPool.defaultBlockSize(cidr.family())));
    }
  }

  private static void modernisePool(ObjectNode spec) {
    if (spec.path("nat-outgoing").isBoolean()) {
      boolean nat = spec.remove("nat-outgoing").booleanValue();
      if (!spec.has("natOutgoing")) {
        spec.put("natOutgoing", nat);
      }
    }
    if (spec.get("ipip") instanceof ObjectNode ipip) {
      spec.remove("ipip");
      if (ipip.path("enabled").asBoolean() && !spec.has("ipipMode")) {
        boolean crossSubnet = ipip.path("mode").asText().equalsIgnoreCase("cross-subnet");
        spec.put("ipipMode", crossSubnet ? "CrossSubnet" : "Always");
      }
    }
  }
}
