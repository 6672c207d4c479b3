package io.ocicat.sync.identity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The agent's certificate, in memory and in files {@code node.key} and {@code node.crt}. Safe for
 * use by many threads.
 */
public final class NodeCredentials {

  private static final String NAME = "node";

  private final Path directory;
  private volatile KeyedCertificate current;

  private NodeCredentials(Path directory, KeyedCertificate current) {
    this.directory = directory;
    this.current = current;
  }

  /**
   * What the directory holds for this node; empty if there is nothing, or it is another node's, or
   * it has expired.
   *
   * @throws IdentityException if it is damaged
   */
  public static Optional<NodeCredentials> load(Path directory, Identity.Node node, Instant now) {
    if (!Files.exists(directory.resolve(NAME + ".crt"))) {
      return Optional.empty();
    }
    KeyedCertificate found = KeyedCertificate.read(directory, NAME);
    boolean usable =
        Identity.of(found.leaf().getSubjectX500Principal()).equals(Optional.of(node))
            && now.isBefore(found.leaf().getNotAfter().toInstant());
    return usable ? Optional.of(new NodeCredentials(directory, found)) : Optional.empty();
  }

  /** Stores what a controller has issued. */
  public static NodeCredentials store(Path directory, KeyedCertificate issued) {
    NodeCredentials credentials = new NodeCredentials(directory, issued);
    issued.write(directory, NAME);
    return credentials;
  }

  public KeyedCertificate current() {
    return current;
  }

  /** Replaces the certificate, in the files first. */
  public void replace(KeyedCertificate renewed) {
    renewed.write(directory, NAME);
    current = renewed;
  }
}
