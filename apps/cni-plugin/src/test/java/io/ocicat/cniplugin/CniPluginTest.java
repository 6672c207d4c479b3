package io.ocicat.cniplugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class CniPluginTest {

  @TempDir private Path folder;
  private Path plugin;

  private record Run(int status, String out, String err) {}

  @BeforeEach
  void install() throws IOException {
    plugin = folder.resolve(CniPlugin.TYPE);
    Files.write(plugin, CniPlugin.executable());
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run run(Map<String, String> variables, String stdin) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(plugin.toString());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin.getBytes(UTF_8));
    } catch (IOException e) {
      // The plugin may end without reading all of it.
      assertThat(e).hasMessageContaining("pipe");
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out, err);
  }

  /** Runs the plugin against an agent that answers one request with the bytes it computes. */
  private Run runAgainst(
      Map<String, String> variables, String confExtra, Function<String, byte[]> agent)
      throws Exception {
    Path socket = folder.resolve("agent \"1\".sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread answering = Thread.ofVirtual().start(() -> answer(server, agent));
      String quoted = socket.toString().replace("\"", "\\\"").replace("/", "\\/");
      Run run =
          run(
              variables,
              "{\"nested\":{\"agentSocket\":\"/wrong\"},\"text\":\"\\\"agentSocket\\\":\","
                  + "\"agentSocket\" : \""
                  + quoted
                  + "\""
                  + confExtra
                  + "}");
      answering.join();
      return run;
    }
  }

  private static void answer(ServerSocketChannel server, Function<String, byte[]> agent) {
    try (SocketChannel channel = server.accept()) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      byte[] request = in.readNBytes(in.readInt());
      byte[] answer = agent.apply(new String(request, UTF_8));
      channel.write(ByteBuffer.wrap(answer));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] frame(int status, String out) {
    byte[] bytes = out.getBytes(UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .putInt(1 + bytes.length)
        .put((byte) status)
        .put(bytes)
        .array();
  }

  // C-98, C-99, A-7, A-8
  @Test
  void answersVersionWithoutAnAgent() throws Exception {
    Run echoed = run(Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\":\"0.4.0\"}");
    assertThat(echoed.status).isZero();
    assertThat(echoed.out)
        .isEqualTo(
            "{\"cniVersion\":\"0.4.0\",\"supportedVersions\":"
                + "[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n");
    assertThat(run(Map.of("CNI_COMMAND", "VERSION"), "").out)
        .startsWith("{\"cniVersion\":\"1.1.0\"");
    assertThat(run(Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\":\"1\\\"x\"}").out)
        .startsWith("{\"cniVersion\":\"1.1.0\"");
  }

  //
  @Test
  void answersVersionWhileStdinStaysOpen() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(plugin.toString());
    builder.environment().put("CNI_COMMAND", "VERSION");
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  // C-11
  @Test
  void tellsWhatItIsWithoutACommand() throws Exception {
    Run run = run(Map.of(), "");
    assertThat(run.status).isZero();
    assertThat(run.out).isEmpty();
    assertThat(run.err).contains("CNI protocol versions supported: 0.3.0");
  }

  @Test
  void saysWhatToDoWhenTheAgentIsAway() throws Exception {
    String conf = "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"agentSocket\":\"/no/such\"}";
    for (String command : new String[] {"ADD", "DEL", "CHECK", "GC"}) {
      Run run = run(Map.of("CNI_COMMAND", command), conf);
      assertThat(run.status).isEqualTo(1);
      assertThat(run.out)
          .startsWith("{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"" + command + ": ")
          .contains("/no/such", "No such file or directory", "systemctl status ocicat-agent");
    }
    assertThat(run(Map.of("CNI_COMMAND", "STATUS"), conf).out).contains("\"code\":50");
  }

  @Test
  void carriesTheCallToTheAgentAndTheAnswerBack() throws Exception {
    StringBuilder seen = new StringBuilder();
    Run run =
        runAgainst(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_NETNS", "/proc/self/ns/net",
                "CNI_ARGS", "A=1;B=2",
                "HOME", "/root"),
            ",\"name\":\"n\"",
            request -> {
              seen.append(request);
              return frame(3, "{\"answer\":true}");
            });
    assertThat(run).isEqualTo(new Run(3, "{\"answer\":true}", ""));
    String[] halves = seen.toString().split("\0\0", 2);
    assertThat(halves[0].split("\0"))
        .contains("CNI_COMMAND=ADD", "CNI_NETNS=/proc/self/ns/net", "CNI_ARGS=A=1;B=2")
        .anyMatch(v -> v.matches("OCICAT_PID=[0-9]+"))
        .anyMatch(v -> v.matches("OCICAT_NETNS_FD=[0-9]+"))
        .anyMatch(v -> v.matches("OCICAT_OWN_INODE=[0-9]+"))
        .noneMatch(v -> v.startsWith("HOME"));
    assertThat(halves[1]).startsWith("{\"nested\":").endsWith(",\"name\":\"n\"}");
  }

  @Test
  void turnsABrokenAnswerIntoAnErrorThatCanBeRetried() throws Exception {
    Map<String, String> add = Map.of("CNI_COMMAND", "ADD");
    assertThat(runAgainst(add, "", _ -> new byte[0]).out)
        .contains("\"code\":11", "the agent ended during the call");
    Files.delete(folder.resolve("agent \"1\".sock"));
    assertThat(runAgainst(add, "", _ -> new byte[] {0, 0, 0, 9, 0, 'x'}).out)
        .contains("\"code\":11", "the agent ended during the call");
    Files.delete(folder.resolve("agent \"1\".sock"));
    assertThat(runAgainst(add, "", _ -> new byte[] {127, 0, 0, 9}).out)
        .contains("\"code\":11", "not an answer of the agent");
  }

  @Test
  void refusesWhatItCannotCarry() throws Exception {
    assertThat(
            run(Map.of("CNI_COMMAND", "ADD"), "{\"agentSocket\":\"" + "x".repeat(108) + "\"}").out)
        .contains("\"code\":7", "agentSocket");
    assertThat(run(Map.of("CNI_COMMAND", "ADD"), "{\"agentSocket\":7}").out)
        .contains("\"code\":7", "agentSocket");
    assertThat(run(Map.of("CNI_COMMAND", "ADD"), " ".repeat((1 << 20) + 1)).out)
        .contains("\"code\":5", "longer than 1048576 bytes");
  }
}
