package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.NetNamespace;
import io.ocicat.store.memory.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyncNamespaceIT {

  @Test
  void agentsAreServedInsideTheNamespaceAndTheApiOutside(@TempDir Path directory)
      throws IOException {
    Path names = directory.resolve("netns");
    try (NetNamespace namespace = NetNamespace.createNamed(names, "fabric");
        MemoryStore store = new MemoryStore()) {
      ControllerConfig config =
          new ControllerConfig(
              directory.resolve("state"),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              new InetSocketAddress(anyAddress(), 0),
              Optional.of(names.resolve("fabric")),
              directory.resolve("kubeconfig"),
              directory.resolve("join-token"),
              Optional.empty(),
              Optional.empty());
      try (Controller controller =
          Controller.start(config, store, "test", InstantSource.system(), new SecureRandom())) {
        int port = controller.syncAddress().getPort();
        assertThat(namespace.<Boolean, IOException>call(() -> listens(port))).isTrue();
        assertThat(listens(port)).isFalse();
        assertThat(listens(controller.apiUri().getPort())).isTrue();
      }
    } finally {
      NetNamespace.deleteNamed(names, "fabric");
    }
  }

  private static InetAddress anyAddress() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[4]);
  }

  /** Whether a TCP socket of this thread's namespace listens on that port, proc_net_tcp. */
  private static boolean listens(int port) throws IOException {
    String local = ":%04X ".formatted(port).toUpperCase(Locale.ROOT);
    for (String table : new String[] {"tcp", "tcp6"}) {
      for (String line : Files.readAllLines(Path.of("/proc/thread-self/net", table))) {
        if (line.contains(local) && line.contains(" 0A ")) {
          return true;
        }
      }
    }
    return false;
  }
}
