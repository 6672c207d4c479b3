package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedSysctlsTest {

  private static final String IPV4 = "net/ipv4/ip_forward";
  private static final String REDIRECTS = "net/ipv4/conf/all/accept_redirects";
  private static final String ETH0 = "net/ipv4/conf/eth0/forwarding";
  private static final String ETH1 = "net/ipv4/conf/eth1/forwarding";
  private static final String POD = "net/ipv4/conf/oci0123456789ab/forwarding";

  @TempDir private Path folder;
  private final FakeSysctls kernel = new FakeSysctls();

  @BeforeEach
  void boot() {
    kernel.put(IPV4, "0");
    kernel.put(REDIRECTS, "1");
    kernel.put(ETH0, "0");
    kernel.put(ETH1, "1");
    kernel.put(POD, "1");
  }

  private RememberedSysctls open(String bootId) throws IOException {
    return RememberedSysctls.open(kernel, folder.resolve("sysctls"), bootId);
  }

  /** As the kernel does. */
  private void forward(RememberedSysctls sysctls) throws IOException {
    sysctls.write(IPV4, "1");
    kernel.put(REDIRECTS, "0");
    kernel.put(ETH0, "1");
    kernel.put(ETH1, "1");
  }

  @Test
  void givesBackWhatWasBeforeTheFirstWriteOfAnyProcess() throws IOException {
    forward(open("a"));
    RememberedSysctls later = open("a");
    later.write(IPV4, "1");
    later.write(IPV4, "2");
    assertThat(open("a").giveBack())
        .containsExactly(
            IPV4 + " is 0 again, not 2",
            REDIRECTS + " is 1 again, not 0",
            ETH0 + " is 0 again, not 1");
    assertThat(kernel.read(ETH1)).contains("1");
    assertThat(open("a").giveBack()).isEmpty();
  }

  @Test
  void givesBackNothingAfterAReboot() throws IOException {
    forward(open("a"));
    assertThat(open("b").giveBack()).isEmpty();
    assertThat(kernel.read(IPV4)).contains("1");
  }

  @Test
  void keepsNothingOfPodsLinks() throws IOException {
    open("a").write(POD, "0");
    assertThat(folder.resolve("sysctls")).doesNotExist();
    forward(open("a"));
    assertThat(Files.readString(folder.resolve("sysctls"))).contains(ETH0).doesNotContain(POD);
  }

  @Test
  void changesNothingThatSomebodyElsePutBack() throws IOException {
    forward(open("a"));
    boot();
    assertThat(open("a").giveBack()).isEqualTo(List.of());
  }
}
