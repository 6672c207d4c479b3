package io.ocicat.bgp.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets of the loopback interface. */
@Timeout(20)
class EpollLoopTest {

  private final EpollLoop loop = new EpollLoop();
  private final List<String> seen = new ArrayList<>();

  private final class Recorder implements ConnectionHandler {
    private final String name;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public void connected(Connection connection) {
      seen.add(name + " connected");
      ByteBuffer[] hello = {
        ByteBuffer.wrap("hel".getBytes(StandardCharsets.UTF_8)),
        ByteBuffer.allocateDirect(2).put(new byte[] {'l', 'o'}).flip()
      };
      connection.write(hello, 0, 2);
    }

    @Override
    public void failed(Connection connection, String reason) {
      seen.add(name + " failed: " + reason);
      loop.stop();
    }

    @Override
    public void readable(Connection connection) {
      buffer.clear();
      int count = connection.read(buffer);
      if (count == Connection.ENDED) {
        seen.add(name + " ended: " + connection.ending());
        connection.close();
        loop.stop();
      } else {
        seen.add(name + " read " + StandardCharsets.UTF_8.decode(buffer.flip().slice(0, count)));
        connection.close();
      }
    }

    @Override
    public void writable(Connection connection) {
      seen.add(name + " writable");
    }
  }

  private ConnectSettings toward(Listening listening, String key) {
    return new ConnectSettings(
        listening.local().address(),
        listening.local().port(),
        IpAddress.parse(listening.local().address().family().bits() == 32 ? "0.0.0.0" : "::"),
        "",
        key,
        Hops.UNLIMITED,
        Duration.ofMillis(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void carriesBytesBothWaysAndTellsTheEnd(String address) {
    Listening listening =
        loop.listen(
            new ListenSettings(IpAddress.parse(address), 0, ""), c -> new Recorder("server"));
    loop.connect(toward(listening, ""), new Recorder("client"));
    loop.run();
    assertThat(seen)
        .containsExactly(
            "client connected", "server read hello", "client ended: closed by the other side");
    loop.close();
  }

  @Test
  void aConnectionThatTheAcceptorDoesNotWantIsReset() {
    Listening listening =
        loop.listen(new ListenSettings(IpAddress.parse("127.0.0.1"), 0, ""), c -> null);
    loop.connect(toward(listening, ""), new Recorder("client"));
    loop.run();
    assertThat(seen.getLast()).containsPattern("reset by (the other side|peer)");
    loop.close();
  }

  @Test
  void toldThatNobodyListens() {
    Listening listening =
        loop.listen(new ListenSettings(IpAddress.parse("127.0.0.1"), 0, ""), c -> null);
    ConnectSettings settings = toward(listening, "");
    listening.close();
    loop.connect(settings, new Recorder("client"));
    loop.run();
    assertThat(seen).containsExactly("client failed: Connection refused");
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void onlyTheRightKeyConnects(String address) {
    Listening listening =
        loop.listen(
            new ListenSettings(IpAddress.parse(address), 0, ""), c -> new Recorder("server"));
    IpAddress peer = IpAddress.parse(address);
    listening.md5Key(Cidr.containing(peer, peer.family().bits() - 8), "secret");
    loop.connect(toward(listening, "wrong"), new Recorder("client"));
    loop.run();
    assertThat(seen).containsExactly("client failed: no answer in time");
    loop.close();

    EpollLoop second = new EpollLoop();
    seen.clear();
    Listening again =
        second.listen(
            new ListenSettings(IpAddress.parse(address), 0, ""), c -> new Recorder("server"));
    again.md5Key(Cidr.containing(peer, peer.family().bits() - 8), "secret");
    second.connect(toward(again, "secret"), new Recorder("client"));
    second.schedule(Duration.ofMillis(300), second::stop);
    second.run();
    assertThat(seen).contains("client connected", "server read hello");
    second.close();
  }

  @Test
  void timersRunInOrderAndCancelledOnesNot() {
    loop.schedule(Duration.ofMillis(20), () -> seen.add("second"));
    loop.schedule(Duration.ofMillis(10), () -> seen.add("first"));
    loop.schedule(Duration.ofMillis(15), () -> seen.add("never")).cancel();
    loop.schedule(Duration.ofMillis(30), loop::stop);
    int[] slices = new int[1];
    loop.work(nanos -> ++slices[0] < 100);
    loop.run();
    assertThat(seen).containsExactly("first", "second");
    assertThat(slices[0]).isEqualTo(100);
    loop.close();
  }

  @Test
  void anyThreadMayGiveTasks() throws InterruptedException {
    Thread other = new Thread(() -> loop.execute(loop::stop));
    other.start();
    loop.run();
    other.join();
    loop.close();
  }
}
