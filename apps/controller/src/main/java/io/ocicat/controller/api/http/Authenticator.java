package io.ocicat.controller.api.http;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Tells who asks. Called on every request; must not block. */
public interface Authenticator {

  /**
   * The user, or empty if the request shows nothing that proves one.
   *
   * @param certificate the client's, already verified against the server's trust anchors
   * @param bearerToken from the {@code Authorization} header, as the client sent it
   */
  Optional<User> authenticate(Optional<X509Certificate> certificate, Optional<String> bearerToken);
}
