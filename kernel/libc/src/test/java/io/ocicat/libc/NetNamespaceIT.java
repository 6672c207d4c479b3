package io.ocicat.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NetNamespaceIT {

  private static final String NAME = "one";

  @TempDir Path directory;

  @AfterEach
  void deleteNamespace() {
    NetNamespace.deleteNamed(directory, NAME);
  }

  private static long currentInode() {
    try (NetNamespace current = NetNamespace.current()) {
      return current.inode();
    }
  }

  @Test
  void runsWorkInsideAndStaysOutside() {
    long outside = currentInode();
    try (NetNamespace namespace = NetNamespace.create()) {
      assertThat(namespace.inode()).isNotEqualTo(outside);
      assertThat(namespace.call(NetNamespaceIT::currentInode)).isEqualTo(namespace.inode());
      assertThat(currentInode()).isEqualTo(outside);
    }
  }

  @Test
  void startsProcessesInside() throws Exception {
    try (NetNamespace namespace = NetNamespace.create()) {
      Process process =
          namespace.<Process, IOException>call(
              () -> new ProcessBuilder("readlink", "/proc/self/ns/net").start());
      assertThat(process.inputReader().readLine())
          .isEqualTo("net:[%d]".formatted(namespace.inode()));
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void keepsANamedNamespaceUntilItsNameIsTakenAway() {
    long inode;
    try (NetNamespace created = NetNamespace.createNamed(directory, NAME)) {
      inode = created.inode();
    }
    try (NetNamespace opened = NetNamespace.open(directory.resolve(NAME))) {
      assertThat(opened.inode()).isEqualTo(inode);
    }
    NetNamespace.deleteNamed(directory, NAME);
    assertThat(directory.resolve(NAME)).doesNotExist();
    NetNamespace.deleteNamed(directory, NAME);
  }

  @Test
  void refusesANameThatIsTakenAndLeavesItsOwnerAlone() {
    try (NetNamespace first = NetNamespace.createNamed(directory, NAME)) {
      assertThatThrownBy(() -> NetNamespace.createNamed(directory, NAME))
          .isInstanceOfSatisfying(
              LibcException.class, e -> assertThat(e.is(Errno.EEXIST)).isTrue());
      try (NetNamespace opened = NetNamespace.open(directory.resolve(NAME))) {
        assertThat(opened.inode()).isEqualTo(first.inode());
      }
    }
  }

  @Test
  void deletesAFileThatNothingIsMountedOn() throws IOException {
    Files.createFile(directory.resolve(NAME));
    NetNamespace.deleteNamed(directory, NAME);
    assertThat(directory.resolve(NAME)).doesNotExist();
  }

  @Test
  void tellsThatAFileIsNoNamespace() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    try (NetNamespace namespace = NetNamespace.open(file)) {
      assertThatThrownBy(() -> namespace.run(() -> {}))
          .isInstanceOfSatisfying(
              LibcException.class,
              e -> {
                assertThat(e.call()).isEqualTo("setns");
                assertThat(e.is(Errno.EINVAL)).isTrue();
              });
    }
  }

  @Test
  void passesOnWhatTheWorkThrows() {
    try (NetNamespace namespace = NetNamespace.create()) {
      assertThatThrownBy(
              () ->
                  namespace.<String, IOException>call(
                      () -> {
                        throw new IOException("inside");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("inside");
    }
  }

  @Test
  void waitsForTheWorkAndKeepsAnInterrupt() {
    try (NetNamespace namespace = NetNamespace.create()) {
      Thread.currentThread().interrupt();
      assertThat(namespace.call(() -> "done")).isEqualTo("done");
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
