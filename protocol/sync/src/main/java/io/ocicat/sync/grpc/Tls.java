package io.ocicat.sync.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.ocicat.sync.identity.IdentityException;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.OwnKey;
import io.ocicat.sync.identity.PinnedTrust;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** TLS 1.3 by the JDK; no native library is loaded. */
final class Tls {

  /**
   * What agents call the controller by, wherever it listens; its certificate has this name. An
   * agent's certificate cannot stand in for it, being good for clients alone.
   */
  static final String AUTHORITY = "ocicat-controller";

  private static final String VERSION = "TLSv1.3";

  private Tls() {}

  /** Asks for a client certificate and lets in those without: they may join. */
  static SslContext server(Supplier<KeyedCertificate> certificate) {
    return build(
        SslContextBuilder.forServer(new OwnKey(certificate))
            .trustManager(certificate.get().authority())
            .clientAuth(ClientAuth.OPTIONAL));
  }

  static SslContext client(KeyedCertificate certificate) {
    return build(
        SslContextBuilder.forClient()
            .keyManager(new OwnKey(certificate))
            .trustManager(certificate.authority()));
  }

  static SslContext joining(String pin) {
    return build(SslContextBuilder.forClient().trustManager(new PinnedTrust(pin)));
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).protocols(VERSION).build();
    } catch (SSLException e) {
      throw new IdentityException("cannot set up TLS", e);
    }
  }
}
