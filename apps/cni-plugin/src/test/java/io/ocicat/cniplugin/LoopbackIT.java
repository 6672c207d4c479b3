package io.ocicat.cniplugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executable in the place of the loopback plugin that container runtimes call. */
@Timeout(30)
final class LoopbackIT {

  @TempDir private Path folder;

  private ChildProcess.Result call(String command, String netns, String conf) throws IOException {
    Path plugin = folder.resolve("loopback");
    if (!Files.exists(plugin)) {
      Files.write(plugin, CniPlugin.executable());
      Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return ChildProcess.run(
        plugin,
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_NETNS",
            netns,
            "CNI_IFNAME",
            "lo",
            "CNI_CONTAINERID",
            "c1",
            "CNI_PATH",
            folder.toString()),
        conf.getBytes(UTF_8));
  }

  @Test
  void bringsUpLoAndChecksIt() throws IOException {
    try (NetNamespace pod = NetNamespace.create()) {
      String netns = "/proc/" + ProcessHandle.current().pid() + "/fd/" + pod.fd().value();
      String conf = "{\"cniVersion\":\"0.3.1\",\"name\":\"cni-loopback\",\"type\":\"loopback\"}";
      assertThat(call("CHECK", netns, conf))
          .satisfies(r -> assertThat(r.exitStatus()).isEqualTo(1))
          .satisfies(r -> assertThat(r.stdout()).contains("\"code\":5", "lo is down"));
      assertThat(call("ADD", netns, conf))
          .satisfies(r -> assertThat(r.exitStatus()).isZero())
          .satisfies(
              r ->
                  assertThat(r.stdout())
                      .contains("\"cniVersion\":\"0.3.1\"", "{\"version\":\"4\",\"address\":"));
      assertThat(call("CHECK", netns, conf).exitStatus()).isZero();
      assertThat(call("DEL", netns, conf).exitStatus()).isZero();
    }
  }

  @Test
  void handsThePreviousResultOn() throws IOException {
    try (NetNamespace pod = NetNamespace.create()) {
      String netns = "/proc/" + ProcessHandle.current().pid() + "/fd/" + pod.fd().value();
      String previous = "{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"}e\\\"th0\"}]}";
      assertThat(
              call(
                      "ADD",
                      netns,
                      "{\"cniVersion\":\"1.0.0\",\"name\":\"x\",\"prevResult\": "
                          + previous
                          + ",\"type\":\"loopback\"}")
                  .stdout())
          .isEqualTo(previous);
    }
  }

  @Test
  void refusesANamespaceThatIsNone() throws IOException {
    assertThat(call("ADD", "/dev/null", "{\"type\":\"loopback\"}"))
        .satisfies(r -> assertThat(r.exitStatus()).isEqualTo(1))
        .satisfies(r -> assertThat(r.stdout()).contains("/dev/null"));
    assertThat(call("DEL", "/gone", "{\"type\":\"loopback\"}").exitStatus()).isZero();
  }
}
