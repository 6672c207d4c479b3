package io.ocicat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void readsTheCurrentContext() throws IOException {
    Path file =
        write(
            "one",
            """
            current-context: b
            contexts:
            - {name: a, context: {cluster: x, user: nobody}}
            - {name: b, context: {cluster: y, user: u, namespace: n}}
            clusters:
            - name: y
              cluster: {server: "https://192.0.2.1:6443", certificate-authority-data: Y2E=}
            users:
            - {name: u, user: {token: secret}}
            """);
    Kubeconfig read = Kubeconfig.read(List.of(file));
    assertThat(read.server()).hasToString("https://192.0.2.1:6443");
    assertThat(read.namespace()).isEqualTo("n");
    assertThat(read.caPem()).isEqualTo("ca");
    assertThat(read.identity()).isEqualTo(new Kubeconfig.Identity.Token("secret"));
    assertThat(read.toString()).doesNotContain("secret");
  }

  @Test
  void takesPartsFromSeveralFiles() throws IOException {
    Path one = write("one", "current-context: a\ncontexts:\n- {name: a, context: {cluster: x}}\n");
    Path two = write("two", "clusters:\n- {name: x, cluster: {server: 'http://[::1]:80'}}\n");
    Kubeconfig read = Kubeconfig.read(List.of(directory.resolve("none"), one, two));
    assertThat(read.server()).hasToString("http://[::1]:80");
    assertThat(read.namespace()).isEqualTo("default");
    assertThat(read.identity()).isEqualTo(new Kubeconfig.Identity.Anonymous());
  }

  @Test
  void saysWhatIsMissingAndWhatToDo() throws IOException {
    assertThatThrownBy(() -> Kubeconfig.read(List.of(directory.resolve("none"))))
        .hasMessageContaining("no such file")
        .hasMessageContaining("ocicat lab up");
    Path file = write("one", "current-context: a\n");
    assertThatThrownBy(() -> Kubeconfig.read(List.of(file)))
        .hasMessageContaining("contexts hold none named 'a'");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
