package io.ocicat.sync.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.AgentService.AgentStream;
import io.ocicat.sync.PodName;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.wire.ControllerGrpc;
import io.ocicat.sync.wire.FromAgent;
import io.ocicat.sync.wire.JoinRequest;
import io.ocicat.sync.wire.JoinResponse;
import io.ocicat.sync.wire.ReleaseBlockRequest;
import io.ocicat.sync.wire.ReleaseBlockResponse;
import io.ocicat.sync.wire.RenewRequest;
import io.ocicat.sync.wire.RequestBlockRequest;
import io.ocicat.sync.wire.RequestBlockResponse;
import io.ocicat.sync.wire.ResolvePodRequest;
import io.ocicat.sync.wire.ResolvePodResponse;
import io.ocicat.sync.wire.ToAgent;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC service: authorisation, and between protobuf and the values of {@link AgentService}. */
final class ControllerEndpoint extends ControllerGrpc.ControllerImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerEndpoint.class);

  private final ClusterAuthority authority;
  private final JoinGate gate;
  private final AgentService service;

  ControllerEndpoint(ClusterAuthority authority, JoinGate gate, AgentService service) {
    this.authority = authority;
    this.gate = gate;
    this.service = service;
  }

  @Override
  public void join(JoinRequest request, StreamObserver<JoinResponse> response) {
    byte[] csr = request.getCsr().toByteArray();
    Optional<Identity.Node> node = ClusterAuthority.requester(csr);
    if (node.isEmpty()) {
      response.onError(badRequest());
      return;
    }
    JoinGate.Credential credential =
        request.getServiceAccountToken().isEmpty()
            ? new JoinGate.Credential.Secret(request.getToken())
            : new JoinGate.Credential.ServiceAccountToken(request.getServiceAccountToken());
    admit("join", node.get(), gate.join(node.get(), credential), csr, response);
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<JoinResponse> response) {
    byte[] csr = request.getCsr().toByteArray();
    Optional<Identity.Node> node = ClusterAuthority.requester(csr);
    if (node.isEmpty()) {
      response.onError(badRequest());
    } else if (!node.get().name().equals(PeerIdentity.node())) {
      response.onError(
          Status.PERMISSION_DENIED
              .withDescription(
                  "node %s asked for the certificate of node %s"
                      .formatted(PeerIdentity.node(), node.get().name()))
              .asRuntimeException());
    } else {
      admit("renew", node.get(), gate.renew(node.get()), csr, response);
    }
  }

  private void admit(
      String what,
      Identity.Node node,
      JoinGate.Admission admission,
      byte[] csr,
      StreamObserver<JoinResponse> response) {
    switch (admission) {
      case JoinGate.Admission.Admitted(var life) -> {
        answer(response, () -> issue(node, csr, life));
        LOG.info("node {}: {}, certificate for {}", node.name(), what, life);
      }
      case JoinGate.Admission.Refused(var reason) -> {
        LOG.warn("node {}: {} refused: {}", node.name(), what, reason);
        response.onError(Status.PERMISSION_DENIED.withDescription(reason).asRuntimeException());
      }
      case JoinGate.Admission.Unavailable(var reason) -> {
        LOG.warn("node {}: {} cannot be decided: {}", node.name(), what, reason);
        response.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
      }
    }
  }

  private static RuntimeException badRequest() {
    return Status.INVALID_ARGUMENT
        .withDescription(
            "the certificate request is damaged, badly signed, or its CN is no node's name")
        .asRuntimeException();
  }

  private JoinResponse issue(Identity.Node node, byte[] csr, Duration life) {
    JoinResponse.Builder response = JoinResponse.newBuilder();
    try {
      for (X509Certificate certificate : authority.issueNode(node, csr, life)) {
        response.addChain(ByteString.copyFrom(certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that has no encoding", e);
    }
    return response.build();
  }

  @Override
  public void resolvePod(ResolvePodRequest request, StreamObserver<ResolvePodResponse> response) {
    PodName pod = new PodName(request.getNamespace(), request.getName());
    answer(
        response,
        () -> AnswerCodec.encode(service.resolvePod(PeerIdentity.node(), pod, request.getUid())));
  }

  @Override
  public void requestBlock(
      RequestBlockRequest request, StreamObserver<RequestBlockResponse> response) {
    answer(
        response,
        () ->
            AnswerCodec.encode(
                service.requestBlock(PeerIdentity.node(), AnswerCodec.decode(request))));
  }

  @Override
  public void releaseBlock(
      ReleaseBlockRequest request, StreamObserver<ReleaseBlockResponse> response) {
    answer(
        response,
        () ->
            AnswerCodec.encode(
                service.releaseBlock(PeerIdentity.node(), ItemCodec.decode(request.getCidr()))));
  }

  private static <R> void answer(StreamObserver<R> response, Supplier<R> work) {
    R answer;
    try {
      answer = work.get();
    } catch (AnswerCodec.NoAnswer e) {
      response.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
      return;
    } catch (IllegalArgumentException e) {
      response.onError(
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    } catch (RuntimeException e) {
      LOG.error("a question of node {} failed", PeerIdentity.node(), e);
      response.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
      return;
    }
    response.onNext(answer);
    response.onCompleted();
  }

  @Override
  public StreamObserver<FromAgent> sync(StreamObserver<ToAgent> response) {
    ServerCallStreamObserver<ToAgent> call = (ServerCallStreamObserver<ToAgent>) response;
    String node = PeerIdentity.node();
    GrpcDeltaSink sink = new GrpcDeltaSink(call);
    AgentStream stream = service.open(node, sink);
    call.setOnReadyHandler(stream::writable);
    call.setOnCancelHandler(
        () -> {
          sink.ended();
          stream.closed();
        });
    return new StreamObserver<>() {
      @Override
      public void onNext(FromAgent message) {
        Optional<io.ocicat.sync.FromAgent> decoded;
        try {
          decoded = AgentCodec.decode(message);
        } catch (IllegalArgumentException e) {
          sink.end("node %s sent what is no message: %s".formatted(node, e.getMessage()));
          return;
        }
        if (decoded.isPresent()
            && decoded.get() instanceof io.ocicat.sync.FromAgent.Hello hello
            && !hello.node().equals(node)) {
          sink.end(
              "the certificate is that of node %s, the agent says it is %s"
                  .formatted(node, hello.node()));
          return;
        }
        decoded.ifPresent(stream::received);
      }

      @Override
      public void onError(Throwable error) {
        // The cancel handler has been called.
      }

      @Override
      public void onCompleted() {
        sink.end("ended by the agent");
        stream.closed();
      }
    };
  }
}
