package io.ocicat.sync.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.ocicat.sync.client.ControllerTransport.Incoming;
import io.ocicat.sync.wire.ToAgent;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** The agent's ear on a stream. */
final class GrpcIncoming implements StreamObserver<ToAgent> {

  private final Incoming incoming;
  private final InetSocketAddress controller;
  private final DeltaCodec.Assembler assembler = new DeltaCodec.Assembler();
  private final AtomicBoolean closed = new AtomicBoolean();

  GrpcIncoming(Incoming incoming, InetSocketAddress controller) {
    this.incoming = incoming;
    this.controller = controller;
  }

  boolean isClosed() {
    return closed.get();
  }

  @Override
  public void onNext(ToAgent message) {
    // An address that is none throws; gRPC then cancels the call and comes back with onError.
    if (message.hasDelta()) {
      assembler.add(message.getDelta()).ifPresent(incoming::received);
    }
  }

  @Override
  public void onError(Throwable error) {
    close(GrpcTransport.reason(controller, Status.fromThrowable(error)));
  }

  @Override
  public void onCompleted() {
    close("controller " + controller + " ended the stream");
  }

  private void close(String reason) {
    if (closed.compareAndSet(false, true)) {
      incoming.closed(reason);
    }
  }
}
