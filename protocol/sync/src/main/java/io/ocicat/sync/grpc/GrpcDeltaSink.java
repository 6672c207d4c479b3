package io.ocicat.sync.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.ocicat.sync.AgentService.DeltaSink;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.wire.Delta;
import io.ocicat.sync.wire.ToAgent;
import java.util.concurrent.locks.ReentrantLock;

/** Sends deltas; a stream's end may come from any thread, in the midst of sending. */
final class GrpcDeltaSink implements DeltaSink {

  private final ServerCallStreamObserver<ToAgent> call;

  /** Guards the call against a message after its end, which gRPC takes for a programming error. */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean ended;

  GrpcDeltaSink(ServerCallStreamObserver<ToAgent> call) {
    this.call = call;
  }

  @Override
  public boolean ready() {
    return call.isReady();
  }

  @Override
  public void send(SyncDelta delta) {
    for (Delta chunk : DeltaCodec.encode(delta)) {
      lock.lock();
      try {
        if (ended) {
          return;
        }
        call.onNext(ToAgent.newBuilder().setDelta(chunk).build());
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void end(String reason) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        call.onError(Status.ABORTED.withDescription(reason).asRuntimeException());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The call is over without our doing. */
  void ended() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }
}
