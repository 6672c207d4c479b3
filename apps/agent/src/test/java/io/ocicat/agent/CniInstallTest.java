package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.cniplugin.CniPlugin;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CniInstallTest {

  @TempDir private Path folder;
  private AgentConfig.Folders folders = AgentConfig.Folders.DEFAULT;

  @BeforeEach
  void makeFolders() {
    folders =
        new AgentConfig.Folders(
            folder.resolve("state"),
            folder.resolve("run"),
            folder.resolve("bin"),
            folder.resolve("conf"));
  }

  private CniInstall install(FaultPoints faults) {
    return new CniInstall(folders, "ocicat", faults);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** A place where the agent dies. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void bothArePutInPlaceBesideTheFilesOfOthersAndOnlyTheConfigurationGoes() throws IOException {
    Files.createDirectories(folders.cniConf());
    Files.createDirectories(folders.cniBin());
    Files.writeString(folders.cniConf().resolve("87-podman.conflist"), "theirs");
    Files.writeString(folders.cniBin().resolve("loopback"), "theirs");
    CniInstall install = install(FaultPoints.NONE);
    install.install();
    assertThat(names(folders.cniConf()))
        .containsExactly("10-ocicat.conflist", "87-podman.conflist");
    assertThat(folders.cniBin().resolve("ocicat")).isExecutable();
    assertThat(install.withdraw()).isTrue();
    assertThat(install.withdraw()).isFalse();
    assertThat(names(folders.cniConf())).containsExactly("87-podman.conflist");
    assertThat(names(folders.cniBin())).containsExactly("loopback", "ocicat");
    assertThat(folders.cniConf().resolve("87-podman.conflist")).hasContent("theirs");
    assertThat(folders.cniBin().resolve("loopback")).hasContent("theirs");
  }

  @Test
  void removesWhatItInstalledAndNothingElse() throws IOException {
    Files.createDirectories(folders.cniConf());
    Files.writeString(folders.cniConf().resolve("87-podman.conflist"), "theirs");
    install(FaultPoints.NONE).install();
    assertThat(CniInstall.remove(folders))
        .containsExactly(
            folders.conflist(),
            folders.cniBin().resolve("ocicat"),
            folders.cniBin().resolve("loopback"));
    assertThat(CniInstall.remove(folders)).isEmpty();
    assertThat(names(folders.cniConf())).containsExactly("87-podman.conflist");
    Files.writeString(folders.cniBin().resolve("loopback"), "theirs");
    assertThat(CniInstall.remove(folders)).isEmpty();
    assertThat(folders.cniBin().resolve("loopback")).hasContent("theirs");
  }

  /** It is known by the mark that all versions have. */
  @Test
  void replacesAnOlderVersionOfBothExecutables() throws IOException {
    Files.createDirectories(folders.cniBin());
    for (String name : List.of("ocicat", "loopback")) {
      Files.writeString(folders.cniBin().resolve(name), "older, made of io.ocicat.cniplugin");
    }
    install(FaultPoints.NONE).install();
    for (String name : List.of("ocicat", "loopback")) {
      assertThat(folders.cniBin().resolve(name)).hasBinaryContent(CniPlugin.executable());
    }
  }

  @Test
  void whatIsInPlaceIsNotWrittenAgain() throws IOException {
    install(FaultPoints.NONE).install();
    FileTime old = FileTime.from(Instant.EPOCH);
    for (Path file : List.of(folders.conflist(), folders.cniBin().resolve("ocicat"))) {
      Files.setLastModifiedTime(file, old);
    }
    install(FaultPoints.NONE).install();
    assertThat(Files.getLastModifiedTime(folders.conflist())).isEqualTo(old);
    assertThat(Files.getLastModifiedTime(folders.cniBin().resolve("ocicat"))).isEqualTo(old);
  }

  @Test
  void theConfigurationComesAfterTheExecutable() throws IOException {
    CniInstall dying =
        install(
            point -> {
              if (point.equals("install-executable")) {
                throw new Death();
              }
            });
    assertThatThrownBy(dying::install).isInstanceOf(Death.class);
    assertThat(folders.conflist()).doesNotExist();
    assertThat(folders.cniBin().resolve("ocicat")).isExecutable();
    install(FaultPoints.NONE).install();
    assertThat(folders.conflist()).exists();
  }

  @Test
  void anExecutableThatRunsIsReplaced() throws Exception {
    Path executable = Files.createDirectories(folders.cniBin()).resolve("ocicat");
    Files.copy(Path.of("/bin/sleep"), executable, StandardCopyOption.COPY_ATTRIBUTES);
    Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process running = new ProcessBuilder(executable.toString(), "60").start();
    try {
      assertThatThrownBy(() -> Files.write(executable, new byte[1])).hasMessageContaining("busy");
      install(FaultPoints.NONE).install();
      assertThat(Files.readAllBytes(executable)).isEqualTo(CniPlugin.executable());
      assertThat(running.isAlive()).isTrue();
    } finally {
      running.destroyForcibly().waitFor();
    }
  }
}
