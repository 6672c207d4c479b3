package io.ocicat.agent.attach;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.cni.CniCall;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.client.Controller;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Tells the controller why pods could not be added, so that people find it where they look, on the
 * pod. Runtimes ask again and again: of very many refusals some are left out. Safe for use by many
 * threads.
 */
final class TroubleReports {

  static final int BURST = 20;

  private static final Map<CniErrorCode, String> ADDRESS_REASONS =
      Map.of(
          CniErrorCode.POOL_EXHAUSTED, PodTrouble.POOL_EXHAUSTED,
          CniErrorCode.POOL_DISABLED, PodTrouble.POOL_DISABLED,
          CniErrorCode.NO_POOL_FOR_NODE, PodTrouble.NO_POOL);
  private static final long NS_PER_REPORT = 500_000_000;

  private final Controller controller;
  private final LongSupplier nowNs;
  private final ReentrantLock lock = new ReentrantLock();

  /** When the room will be whole again that reports have taken. */
  @GuardedBy("lock")
  private long wholeAtNs;

  TroubleReports(Controller controller, LongSupplier nowNs) {
    this.controller = controller;
    this.nowNs = nowNs;
    this.wholeAtNs = nowNs.getAsLong();
  }

  /** In which of its steps an ADD was refused. */
  enum Step {
    ADDRESS,
    LINK,
    POLICY
  }

  void tell(CniCall.Add call, Step step, CniRefusal refusal) {
    String namespace = call.args().podNamespace();
    String pod = call.args().podName();
    if (!pod.isEmpty() && !namespace.isEmpty() && hasRoom()) {
      controller.report(
          new PodTrouble(
              new PodName(namespace, pod),
              call.args().podUid(),
              reason(step, refusal.error().code()),
              String.valueOf(refusal.getMessage())));
    }
  }

  private boolean hasRoom() {
    lock.lock();
    try {
      long now = nowNs.getAsLong();
      long from = Math.max(wholeAtNs, now);
      if (from - now > (BURST - 1) * NS_PER_REPORT) {
        return false;
      }
      wholeAtNs = from + NS_PER_REPORT;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static String reason(Step step, CniErrorCode code) {
    return switch (step) {
      case LINK -> PodTrouble.NOT_WIRED;
      case POLICY -> PodTrouble.NO_POLICY;
      case ADDRESS -> ADDRESS_REASONS.getOrDefault(code, PodTrouble.NO_ADDRESS);
    };
  }
}
