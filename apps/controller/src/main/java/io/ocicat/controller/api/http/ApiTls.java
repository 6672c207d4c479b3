package io.ocicat.controller.api.http;

import io.ocicat.sync.identity.KeyedCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS of the API server. */
public final class ApiTls {

  /** Of a key store that exists in memory only. */
  private static final char[] PASSWORD = "in memory".toCharArray();

  private ApiTls() {}

  /** Shows this certificate, and believes clients whose certificates its authority has issued. */
  public static SSLContext of(KeyedCertificate server) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(server.toKeyStore(PASSWORD), PASSWORD);
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("authority", server.authority());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK's TLS refused an EC key", e);
    }
  }
}
