package io.ocicat.sync.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.wire.ControllerGrpc;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Lets a call through if its caller's certificate is a node's; joining needs none. */
final class PeerIdentity implements ServerInterceptor {

  private static final Context.Key<Identity.Node> NODE = Context.key("node");

  /** The node that makes the current call. */
  static String node() {
    return NODE.get().name();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (call.getMethodDescriptor()
        .getFullMethodName()
        .equals(ControllerGrpc.getJoinMethod().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    Optional<Identity> identity =
        Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
            .flatMap(PeerIdentity::of);
    if (identity.isPresent() && identity.get() instanceof Identity.Node node) {
      return Contexts.interceptCall(Context.current().withValue(NODE, node), call, headers, next);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            call.getMethodDescriptor().getBareMethodName()
                + " needs a node's client certificate of this cluster; join with a token first"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Optional<Identity> of(SSLSession session) {
    try {
      Certificate leaf = session.getPeerCertificates()[0];
      return leaf instanceof X509Certificate certificate
          ? Identity.of(certificate.getSubjectX500Principal())
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }
}
