package io.ocicat.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CniFrameTest {

  private static CniFrame.Request read(byte[] bytes) throws IOException {
    return CniFrame.readRequest(new ByteArrayInputStream(bytes));
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Map<String, String> variables = Map.of("CNI_COMMAND", "ADD", "CNI_ARGS", "A=1;B=ä", "E", "");
    String stdin = "{\"a\":\"\\u0000\"}\0x";
    CniFrame.Request request = read(CniFrame.writeRequest(new CniFrame.Request(variables, stdin)));
    assertThat(request.variables()).isEqualTo(variables);
    assertThat(request.stdin()).isEqualTo(stdin);
    assertThat(request.variable("NONE")).isEmpty();
  }

  @Test
  void refusesEveryCutAndWhatIsNoRequest() {
    byte[] bytes = CniFrame.writeRequest(new CniFrame.Request(Map.of("CNI_COMMAND", "ADD"), "{}"));
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] part = Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0})).hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> read(new byte[] {127, 0, 0, 0})).hasMessageContaining("claims");
    assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 2, 'a', 0})).hasMessageContaining("'a'");
    assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 4, 'a', '=', '1', 0}))
        .hasMessageContaining("do not end");
  }

  @Test
  void writesTheExitStatusBeforeTheAnswer() {
    assertThat(CniFrame.writeAnswer(1, "ab")).containsExactly(0, 0, 0, 3, 1, 'a', 'b');
  }
}
