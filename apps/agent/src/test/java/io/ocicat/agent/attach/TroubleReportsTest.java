package io.ocicat.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.agent.FakeController;
import io.ocicat.agent.attach.TroubleReports.Step;
import io.ocicat.cni.CniCall;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.cni.CniFrame;
import io.ocicat.cni.CniReading;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TroubleReportsTest {

  private final FakeController controller = new FakeController();
  private final AtomicLong nowNs = new AtomicLong();
  private final TroubleReports troubles = new TroubleReports(controller, nowNs::get);

  private static CniCall.Add add(String args) {
    CniFrame.Request request =
        new CniFrame.Request(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_CONTAINERID", "c1",
                "CNI_NETNS", "/run/netns/x",
                "CNI_IFNAME", "eth0",
                "CNI_PATH", "/opt/cni/bin",
                "CNI_ARGS", args),
            "{\"cniVersion\": \"1.0.0\", \"name\": \"ocicat\", \"type\": \"ocicat\"}");
    return (CniCall.Add) ((CniReading.Accepted) CniReading.of(request)).call();
  }

  @Test
  void saysWhichPodAndWhy() {
    CniCall.Add call = add("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_UID=u1");
    troubles.tell(call, Step.ADDRESS, new CniRefusal(CniErrorCode.POOL_EXHAUSTED, "add a pool"));
    troubles.tell(call, Step.POLICY, new CniRefusal(CniErrorCode.TRY_LATER, "wait"));
    PodName web = new PodName("shop", "web");
    assertThat(controller.troubles)
        .containsExactly(
            new PodTrouble(web, "u1", PodTrouble.POOL_EXHAUSTED, "add a pool"),
            new PodTrouble(web, "u1", PodTrouble.NO_POLICY, "wait"));
  }

  @Test
  void saysNothingOfContainersThatAreNoPods() {
    troubles.tell(add(""), Step.LINK, new CniRefusal(CniErrorCode.TRY_LATER, "wait"));
    assertThat(controller.troubles).isEmpty();
  }

  @Test
  void leavesOutSomeOfVeryMany() {
    CniCall.Add call = add("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web");
    for (int i = 0; i < 100; i++) {
      troubles.tell(call, Step.LINK, new CniRefusal(CniErrorCode.TRY_LATER, "wait"));
    }
    assertThat(controller.troubles).hasSize(TroubleReports.BURST);
    nowNs.addAndGet(1_000_000_000);
    for (int i = 0; i < 100; i++) {
      troubles.tell(call, Step.LINK, new CniRefusal(CniErrorCode.TRY_LATER, "wait"));
    }
    assertThat(controller.troubles).hasSize(TroubleReports.BURST + 2);
  }
}
