package io.ocicat.rtnetlink;

import io.ocicat.netlink.AttributeNames;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of rtnetlink attributes for error messages. */
final class RtnetlinkNames implements AttributeNames {

  private static final Map<Integer, String> LINK = constants(LinuxIfLink.class, "IFLA_");
  private static final Map<Integer, String> ADDRESS = constants(LinuxIfAddr.class, "IFA_");
  private static final Map<Integer, String> ROUTE = constants(LinuxRtnetlink.class, "RTA_");
  private static final Map<Integer, String> NEIGHBOUR = constants(LinuxNeighbour.class, "NDA_");
  private static final Map<Integer, String> RULE = constants(LinuxFibRules.class, "FRA_");
  private static final Map<Integer, String> LINKINFO =
      Map.of(
          LinuxIfLink.IFLA_INFO_KIND,
          "IFLA_INFO_KIND",
          LinuxIfLink.IFLA_INFO_DATA,
          "IFLA_INFO_DATA");

  private static Map<Integer, String> constants(Class<?> header, String prefix) {
    Map<Integer, String> names = new HashMap<>();
    try {
      for (Field field : header.getFields()) {
        boolean isFlagOrNested =
            field.getName().startsWith("IFLA_IN") || field.getName().startsWith("IFA_F_");
        if (field.getName().startsWith(prefix) && !isFlagOrNested) {
          names.put(field.getInt(null), field.getName());
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("public constants cannot be read", e);
    }
    return Map.copyOf(names);
  }

  @Override
  public String describe(int messageType, List<Integer> path) {
    StringBuilder text = new StringBuilder();
    Map<Integer, String> names =
        switch (messageType & ~3) {
          case LinuxRtnetlink.RTM_NEWLINK -> LINK;
          case LinuxRtnetlink.RTM_NEWADDR -> ADDRESS;
          case LinuxRtnetlink.RTM_NEWROUTE -> ROUTE;
          case LinuxRtnetlink.RTM_NEWNEIGH -> NEIGHBOUR;
          case LinuxRtnetlink.RTM_NEWRULE -> RULE;
          default -> Map.of();
        };
    for (int type : path) {
      String name = names.getOrDefault(type, Integer.toString(type));
      text.append(text.isEmpty() ? "" : "/").append(name);
      names = name.equals("IFLA_LINKINFO") ? LINKINFO : Map.of();
    }
    return text.toString();
  }
}
