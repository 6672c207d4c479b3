package io.ocicat.bgpd;

import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.inet.Cidr;
import java.nio.file.Path;
import java.util.List;

/**
 * What the file says.
 *
 * @param socket where {@code ocicat bgp} asks
 * @param networks our own routes
 */
public record BgpdConfig(SpeakerSettings speaker, Path socket, List<Cidr> networks) {

  /** Where the socket is if the file does not say. */
  public static final Path DEFAULT_SOCKET = Path.of("/run/ocicat/bgpd.sock");

  public BgpdConfig {
    networks = List.copyOf(networks);
  }
}
