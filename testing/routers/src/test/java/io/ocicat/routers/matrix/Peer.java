package io.ocicat.routers.matrix;

import java.nio.file.Path;

/** A column: a router of somebody else's. */
enum Peer {
  BIRD("BIRD"),
  FRR("FRR"),
  GOBGP("GoBGP"),
  OPENBGPD("OpenBGPD"),
  EXABGP("ExaBGP");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  BgpRouter router(Path directory, String namespace) {
    return switch (this) {
      case BIRD -> new Bird(directory, namespace);
      case FRR -> new Frr(directory, namespace);
      case GOBGP -> new GoBgp(directory, namespace);
      case OPENBGPD -> new OpenBgpd(directory, namespace);
      case EXABGP -> new ExaBgp(directory, namespace);
    };
  }
}
