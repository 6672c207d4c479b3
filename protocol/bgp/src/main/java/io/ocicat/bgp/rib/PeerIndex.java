package io.ocicat.bgp.rib;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All neighbours that have or had routes, by number and by name. Number 0 is this speaker. */
final class PeerIndex {
  private final List<@Nullable RibPeer> byNumber = new ArrayList<>();
  private final Map<String, RibPeer> byName = new HashMap<>();

  RibPeer at(int number) {
    RibPeer peer = byNumber.get(number);
    if (peer == null) {
      throw new IllegalStateException("there is no neighbour number " + number);
    }
    return peer;
  }

  @Nullable RibPeer named(String name) {
    return byName.get(name);
  }

  /** The number that the next neighbour gets. */
  int nextNumber() {
    int free = byNumber.indexOf(null);
    int number = free < 0 ? byNumber.size() : free;
    if (number > Short.MAX_VALUE) {
      throw new IllegalStateException("more than " + Short.MAX_VALUE + " neighbours");
    }
    return number;
  }

  void add(RibPeer peer) {
    if (peer.index() == byNumber.size()) {
      byNumber.add(peer);
    } else {
      byNumber.set(peer.index(), peer);
    }
    byName.put(peer.name(), peer);
  }

  void remove(RibPeer peer) {
    byNumber.set(peer.index(), null);
    byName.remove(peer.name());
  }

  List<RibPeer> all() {
    List<RibPeer> all = new ArrayList<>(byNumber.size());
    for (RibPeer peer : byNumber) {
      if (peer != null && peer.index() != 0) {
        all.add(peer);
      }
    }
    return all;
  }

  /** Puts the addresses of all neighbours in order, for the decision's last steps. */
  void order() {
    List<RibPeer> sorted = all();
    sorted.sort((a, b) -> a.traits().address().compareTo(b.traits().address()));
    int rank = 0;
    for (RibPeer peer : sorted) {
      peer.addressOrder(++rank);
    }
  }
}
