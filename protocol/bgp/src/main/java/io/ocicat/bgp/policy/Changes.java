package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.bgpwire.iana.AttributeType;
import java.util.ArrayList;
import java.util.List;

/** Makes changes. */
final class Changes {
  private Changes() {}

  static Attributes apply(Attributes attributes, List<Change> changes) {
    Attributes now = attributes;
    for (Change change : changes) {
      now = apply(now, change);
    }
    return now;
  }

  private static Attributes apply(Attributes now, Change change) {
    AttributesBuilder edit = now.edit();
    switch (change) {
      case Change.SetLocalPref set -> edit.localPref((int) set.value());
      case Change.SetMed set -> edit.med((int) set.value());
      case Change.RemoveMed _ -> edit.without(AttributeType.MULTI_EXIT_DISC);
      case Change.Prepend prepend ->
          edit.asPath(
              now.asPath().prepend(prepend.ases().stream().mapToInt(Long::intValue).toArray()));
      case Change.AddCommunities add -> {
        List<Community> all = new ArrayList<>(now.communities());
        all.addAll(add.communities());
        edit.communities(all);
      }
      case Change.DeleteCommunities delete -> {
        List<Community> all = new ArrayList<>(now.communities());
        all.removeAll(delete.communities());
        edit.communities(all);
      }
      case Change.SetCommunities set -> edit.communities(set.communities());
      case Change.AddLargeCommunities add -> {
        List<LargeCommunity> all = new ArrayList<>(now.largeCommunities());
        all.addAll(add.communities());
        edit.largeCommunities(all);
      }
      case Change.DeleteLargeCommunities delete -> {
        List<LargeCommunity> all = new ArrayList<>(now.largeCommunities());
        all.removeAll(delete.communities());
        edit.largeCommunities(all);
      }
      case Change.SetLargeCommunities set -> edit.largeCommunities(set.communities());
      case Change.SetNextHop set -> edit.nextHop(set.address());
    }
    return edit.build();
  }
}
