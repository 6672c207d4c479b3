package io.ocicat.sync.identity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one certificate there is, to everyone. A handshake that began with one that is replaced
 * meanwhile ends with it.
 *
 * <p>The key managers of the JDK begin with a key store, which costs a fresh JVM a tenth of a
 * second in key derivation.
 */
public final class OwnKey extends X509ExtendedKeyManager {

  /** More than there are replacements in the time of a handshake. */
  private static final int REMEMBERED = 4;

  private final Supplier<KeyedCertificate> source;
  private final ReentrantLock lock = new ReentrantLock();

  /** By serial number, which is the alias. */
  @GuardedBy("lock")
  private final Map<String, KeyedCertificate> shown =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KeyedCertificate> eldest) {
          return size() > REMEMBERED;
        }
      };

  public OwnKey(KeyedCertificate certificate) {
    this(() -> certificate);
  }

  /**
   * @param source asked at each handshake
   */
  public OwnKey(Supplier<KeyedCertificate> source) {
    this.source = source;
  }

  private String alias() {
    KeyedCertificate certificate = source.get();
    String alias = certificate.leaf().getSerialNumber().toString(16);
    lock.lock();
    try {
      shown.put(alias, certificate);
      return alias;
    } finally {
      lock.unlock();
    }
  }

  private Optional<KeyedCertificate> shown(String alias) {
    lock.lock();
    try {
      return Optional.ofNullable(shown.get(alias));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return shown(alias)
        .map(certificate -> certificate.chain().toArray(X509Certificate[]::new))
        .orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return shown(alias).map(KeyedCertificate::key).orElse(null);
  }
}
