package io.ocicat.controller.api.http;

import io.ocicat.sync.identity.Identity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Lets in whoever shows an administrator's certificate of this cluster. A node's certificate opens
 * nothing here: agents have a door of their own.
 */
public final class Administrators implements Authenticator {

  @Override
  public Optional<User> authenticate(
      Optional<X509Certificate> certificate, Optional<String> bearerToken) {
    return certificate
        .flatMap(shown -> Identity.of(shown.getSubjectX500Principal()))
        .flatMap(
            identity ->
                switch (identity) {
                  case Identity.Administrator(String name) ->
                      Optional.of(
                          new User(name, List.of(Identity.ADMINISTRATORS, "system:authenticated")));
                  case Identity.Node _ -> Optional.empty();
                });
  }
}
