package io.ocicat.bgp.speaker;

import io.ocicat.bgp.loop.Acceptor;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.loop.Listening;
import io.ocicat.bgp.loop.Loop;
import io.ocicat.bgp.loop.TransportException;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.inet.Cidr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets that listen, and the keys on them. */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final Loop loop;
  private final Acceptor acceptor;
  private final Map<ListenSettings, Listening> open = new LinkedHashMap<>();
  private final Map<ListenSettings, String> refused = new LinkedHashMap<>();
  private Map<Cidr, String> keys = Map.of();

  Listeners(Loop loop, Acceptor acceptor) {
    this.loop = loop;
    this.acceptor = acceptor;
  }

  /** Opens and closes what differs; what cannot be opened is tried again with the next change. */
  void apply(SpeakerSettings settings) {
    Map<Cidr, String> wanted = keys(settings);
    for (ListenSettings at : List.copyOf(open.keySet())) {
      if (!settings.listen().contains(at)) {
        close(at);
      }
    }
    open.values().forEach(listening -> setKeys(listening, keys, wanted));
    refused.clear();
    for (ListenSettings at : settings.listen()) {
      if (!open.containsKey(at)) {
        try {
          Listening listening = loop.listen(at, acceptor);
          open.put(at, listening);
          setKeys(listening, Map.of(), wanted);
        } catch (TransportException e) {
          refused.put(at, String.valueOf(e.getMessage()));
          LOG.error(
              "{}; neighbours that connect to us there will not get a session", e.getMessage());
        }
      }
    }
    keys = wanted;
  }

  private static Map<Cidr, String> keys(SpeakerSettings settings) {
    Map<Cidr, String> keys = new HashMap<>();
    for (DynamicPeers range : settings.dynamic()) {
      putKey(keys, range.range(), range.template());
    }
    for (PeerSettings peer : settings.peers()) {
      switch (peer.address()) {
        case PeerAddress.At(var address, String _) -> putKey(keys, address.toHostCidr(), peer);
        // Not known beforehand: whoever has a link-local address.
        case PeerAddress.On _ -> putKey(keys, Cidr.parse("fe80::/64"), peer);
      }
    }
    return keys;
  }

  private static void putKey(Map<Cidr, String> keys, Cidr peers, PeerSettings settings) {
    if (!settings.transport().md5Key().isEmpty()) {
      keys.put(peers, settings.transport().md5Key());
    }
  }

  private static void setKeys(
      Listening listening, Map<Cidr, String> before, Map<Cidr, String> wanted) {
    for (Cidr peers : new HashSet<>(before.keySet())) {
      if (!wanted.containsKey(peers)) {
        setKey(listening, peers, "");
      }
    }
    wanted.forEach(
        (peers, key) -> {
          if (!key.equals(before.get(peers))) {
            setKey(listening, peers, key);
          }
        });
  }

  private static void setKey(Listening listening, Cidr peers, String key) {
    try {
      listening.md5Key(peers, key);
    } catch (TransportException e) {
      LOG.error("{}; neighbours from {} will not get a session", e.getMessage(), peers);
    }
  }

  /** What is not listened on, and why. */
  Map<ListenSettings, String> refused() {
    return Map.copyOf(refused);
  }

  private void close(ListenSettings at) {
    Listening listening = open.remove(at);
    if (listening != null) {
      listening.close();
    }
  }

  void close() {
    List.copyOf(open.keySet()).forEach(this::close);
  }
}
