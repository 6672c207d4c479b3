package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.plan.Sysctl;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SysctlReconcilerTest {

  private static final Sysctl FORWARD = new Sysctl("net/ipv4/ip_forward", "1");
  private static final Sysctl GONE = new Sysctl("net/ipv4/conf/oci1/rp_filter", "1");

  private final FakeSysctls sysctls = new FakeSysctls();
  private final SysctlReconciler reconciler = new SysctlReconciler(sysctls);

  @Test
  void setsWhatDiffersAndThenHasNothingToDo() {
    sysctls.put(FORWARD.path(), "0");
    SysctlReconciler.Report report = reconciler.reconcile(List.of(FORWARD));
    assertThat(report.changed()).containsExactly(FORWARD);
    assertThat(report.drift()).isEmpty();
    assertThat(sysctls.read(FORWARD.path())).contains("1");
    assertThat(reconciler.reconcile(List.of(FORWARD)).changed()).isEmpty();
  }

  @Test
  void reportsWhatSomebodyChanged() {
    sysctls.put(FORWARD.path(), "1");
    reconciler.reconcile(List.of(FORWARD));
    sysctls.put(FORWARD.path(), "0");
    assertThat(reconciler.reconcile(List.of(FORWARD)).drift())
        .containsExactly("net/ipv4/ip_forward was 0, not 1");
  }

  @Test
  void skipsTheParametersOfALinkThatIsGone() {
    SysctlReconciler.Report report = reconciler.reconcile(List.of(GONE));
    assertThat(report.changed()).isEmpty();
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void goesOnAfterOneThatCannotBeSet() {
    SysctlTable readOnly =
        new SysctlTable() {
          @Override
          public Optional<String> read(String path) {
            return Optional.of("0");
          }

          @Override
          public void write(String path, String value) throws IOException {
            throw new IOException("read-only file system");
          }

          @Override
          public List<String> children(String path) {
            return List.of();
          }
        };
    SysctlReconciler.Report report =
        new SysctlReconciler(readOnly).reconcile(List.of(FORWARD, GONE));
    assertThat(report.failures())
        .hasSize(2)
        .first()
        .asString()
        .contains("net/ipv4/ip_forward", "read-only file system");
  }
}
