package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.AttributeType;
import java.util.List;
import java.util.Locale;

/** Attributes as people read them: one line, name and value, in the order of a router's output. */
final class AttributesText {

  private AttributesText() {}

  static String of(Attributes a) {
    StringBuilder text = new StringBuilder(96);
    text.append("origin ").append(a.origin().text().toLowerCase(Locale.ROOT));
    if (!a.asPath().isEmpty()) {
      text.append(", as-path ").append(a.asPath());
    }
    a.nextHop().ifPresent(n -> text.append(", next-hop ").append(n));
    a.linkLocalNextHop().ifPresent(n -> text.append(" (").append(n).append(')'));
    if (a.hasMed()) {
      text.append(", med ").append(Integer.toUnsignedString(a.med()));
    }
    if (a.hasLocalPref()) {
      text.append(", local-pref ").append(Integer.toUnsignedString(a.localPref()));
    }
    if (a.isAtomicAggregate()) {
      text.append(", atomic-aggregate");
    }
    a.aggregator().ifPresent(g -> text.append(", aggregator ").append(g));
    list(text, "communities", a.communities());
    list(text, "extended-communities", a.extendedCommunities());
    list(text, "large-communities", a.largeCommunities());
    a.originatorId().ifPresent(o -> text.append(", originator-id ").append(o));
    list(text, "cluster-list", a.clusterList());
    a.accumulatedIgpMetric()
        .ifPresent(m -> text.append(", aigp ").append(Long.toUnsignedString(m)));
    a.onlyToCustomer().ifPresent(o -> text.append(", otc ").append(Asn.text(o)));
    for (Attributes.Raw raw : a.unknown()) {
      text.append(", ")
          .append(
              AttributeType.of(raw.type())
                  .map(t -> t.text() + " (" + raw.type() + ")")
                  .orElse("attribute " + raw.type()))
          .append(' ')
          .append(raw.value());
    }
    return text.toString();
  }

  private static void list(StringBuilder text, String name, List<?> values) {
    if (!values.isEmpty()) {
      text.append(", ").append(name);
      values.forEach(v -> text.append(' ').append(v));
    }
  }
}
