package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.IpAddress;
import java.util.List;

/** What a term does to a route. */
public sealed interface Change {
  /** BGPFilter {@code setPriority}, by way of {@link RoutePriority}. */
  record SetLocalPref(long value) implements Change {}

  record SetMed(long value) implements Change {}

  record RemoveMed() implements Change {}

  /** BGPFilter {@code prependASPath}: the first of the list will stand first. */
  record Prepend(List<Long> ases) implements Change {
    public Prepend {
      ases = List.copyOf(ases);
    }
  }

  record AddCommunities(List<Community> communities) implements Change {
    public AddCommunities {
      communities = List.copyOf(communities);
    }
  }

  record DeleteCommunities(List<Community> communities) implements Change {
    public DeleteCommunities {
      communities = List.copyOf(communities);
    }
  }

  /** These and no others; none: the attribute goes. */
  record SetCommunities(List<Community> communities) implements Change {
    public SetCommunities {
      communities = List.copyOf(communities);
    }
  }

  record AddLargeCommunities(List<LargeCommunity> communities) implements Change {
    public AddLargeCommunities {
      communities = List.copyOf(communities);
    }
  }

  record DeleteLargeCommunities(List<LargeCommunity> communities) implements Change {
    public DeleteLargeCommunities {
      communities = List.copyOf(communities);
    }
  }

  record SetLargeCommunities(List<LargeCommunity> communities) implements Change {
    public SetLargeCommunities {
      communities = List.copyOf(communities);
    }
  }

  record SetNextHop(IpAddress address) implements Change {}
}
