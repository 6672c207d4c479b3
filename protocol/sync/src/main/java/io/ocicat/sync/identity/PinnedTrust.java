package io.ocicat.sync.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose chain holds an authority with the pinned key, and is right in all that the
 * JDK checks when that authority is the only one trusted.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {

  private final String pin;

  /**
   * @param pin {@link ClusterAuthority#pin()} of the authority
   */
  public PinnedTrust(String pin) {
    this.pin = pin;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    pinned(chain).checkServerTrusted(chain, authType, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    pinned(chain).checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    pinned(chain).checkServerTrusted(chain, authType);
  }

  private X509ExtendedTrustManager pinned(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      if (ClusterAuthority.pin(certificate.getPublicKey()).equals(pin)) {
        return trusting(certificate);
      }
    }
    throw new CertificateException(
        "the server's certificates do not include the authority "
            + pin
            + " of the join token: it is another cluster's controller, or the token is an old one");
  }

  private static X509ExtendedTrustManager trusting(X509Certificate authority)
      throws CertificateException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", authority);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("the JDK's PKIX trust manager is not an extended one");
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new CertificateException("cannot trust the pinned authority", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    refuseClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    refuseClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    refuseClients();
  }

  private static void refuseClients() throws CertificateException {
    throw new CertificateException("a pin says who a server is, never who a client is");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
