package io.ocicat.controller.api.http;

import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.OwnKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS of the API server. */
public final class ApiTls {

  private ApiTls() {}

  /** Shows this certificate, and believes clients whose certificates its authority has issued. */
  public static SSLContext of(KeyedCertificate server) {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("authority", server.authority());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new OwnKey(server)}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK's TLS refused an EC key", e);
    }
  }
}
