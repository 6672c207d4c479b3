package io.ocicat.sync.identity;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate whose private key is at hand.
 *
 * @param chain leaf first, the cluster's authority last
 */
public record KeyedCertificate(PrivateKey key, List<X509Certificate> chain) {

  public KeyedCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key without a certificate");
    }
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The cluster's authority. */
  public X509Certificate authority() {
    return chain.getLast();
  }

  /** When it is no longer good. */
  public Instant expiresAt() {
    return leaf().getNotAfter().toInstant();
  }

  /** When it should be replaced: after half of its life. */
  public Instant renewAt() {
    Instant from = leaf().getNotBefore().toInstant();
    Instant until = leaf().getNotAfter().toInstant();
    return from.plus(Duration.between(from, until).dividedBy(2));
  }

  /** Writes {@code <name>.key} (0600) and {@code <name>.crt}. */
  public void write(Path directory, String name) {
    Pem.writePrivately(directory.resolve(name + ".key"), Pem.text(key));
    Pem.writePublicly(directory.resolve(name + ".crt"), Pem.text(chain));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IdentityException if a file is missing or damaged
   */
  public static KeyedCertificate read(Path directory, String name) {
    return new KeyedCertificate(
        Pem.readKey(directory.resolve(name + ".key")),
        Pem.certificates(directory.resolve(name + ".crt")));
  }

  /** The key stays unsaid. */
  @Override
  public String toString() {
    return "KeyedCertificate[" + leaf().getSubjectX500Principal() + "]";
  }
}
