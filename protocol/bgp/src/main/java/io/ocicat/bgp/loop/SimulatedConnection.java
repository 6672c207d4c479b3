package io.ocicat.bgp.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory. */
final class SimulatedConnection implements Connection {

  private static final int CAPACITY_BYTES = 64 << 10;

  private final SimulatedNetwork network;
  private final SimulatedLoop loop;
  private final SocketEnd local;
  private final SocketEnd remote;
  private final ArrayDeque<ByteBuffer> inbox = new ArrayDeque<>();
  private final ArrayDeque<Sent> stalled = new ArrayDeque<>();
  private final TreeMap<Long, Sent> early = new TreeMap<>();
  private @Nullable ConnectionHandler handler;
  private @Nullable SimulatedConnection other;
  private int underWayBytes;
  private int inboxBytes;
  private long lastArrivalNs;
  private long sent;
  private long taken;
  private boolean connecting;
  private boolean wantsRead = true;
  private boolean wantsWrite;
  private boolean readScheduled;
  private boolean writeScheduled;
  private boolean endReached;
  private boolean closed;
  private String ending = "";

  /** What is on its way: data, or the end if there is none. */
  private record Sent(long sequence, @Nullable ByteBuffer data) {}

  SimulatedConnection(
      SimulatedNetwork network,
      SimulatedLoop loop,
      @Nullable ConnectionHandler handler,
      SocketEnd local,
      SocketEnd remote) {
    this.network = network;
    this.loop = loop;
    this.handler = handler;
    this.local = local;
    this.remote = remote;
    this.connecting = handler != null;
  }

  SimulatedLoop loop() {
    return loop;
  }

  void join(SimulatedConnection to) {
    other = to;
    to.other = this;
  }

  boolean isBetween(SimulatedLoop a, SimulatedLoop b) {
    return other != null && ((loop == a && other.loop == b) || (loop == b && other.loop == a));
  }

  void established(ConnectionHandler by) {
    if (!closed) {
      connecting = false;
      by.connected(this);
      wakeReader();
    }
  }

  void handled(ConnectionHandler by) {
    handler = by;
    wakeReader();
  }

  void fail(String reason) {
    ConnectionHandler told = handler;
    if (!closed && connecting && told != null) {
      ending = reason;
      close();
      told.failed(this, reason);
    }
  }

  /** The connection is lost without its ends' doing. */
  void lose(String reason) {
    if (!closed && ending.isEmpty()) {
      ending = reason;
      inbox.clear();
      inboxBytes = 0;
      endReached = true;
      wakeReader();
    }
  }

  @Override
  public int read(ByteBuffer into) {
    if (closed) {
      return ENDED;
    }
    int count = 0;
    // A part now and then, as a network cuts it.
    int most = network.random().nextInt(4) == 0 ? 1 + network.random().nextInt(64) : CAPACITY_BYTES;
    while (count < most && into.hasRemaining()) {
      ByteBuffer first = inbox.peek();
      if (first == null) {
        break;
      }
      int part = Math.min(Math.min(first.remaining(), into.remaining()), most - count);
      into.put(first.slice(first.position(), part));
      first.position(first.position() + part);
      count += part;
      if (!first.hasRemaining()) {
        inbox.remove();
      }
    }
    inboxBytes -= count;
    if (count > 0 && other != null) {
      other.wakeWriter();
    }
    if (count == 0 && endReached && into.hasRemaining()) {
      if (ending.isEmpty()) {
        ending = "closed by the other side";
      }
      return ENDED;
    }
    return count;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    if (closed || (endReached && !ending.isEmpty())) {
      return ENDED;
    }
    if (connecting || other == null) {
      return 0;
    }
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      int room = CAPACITY_BYTES - underWayBytes - other.inboxBytes;
      int part = Math.min(room, from[i].remaining());
      if (part > 1 && network.random().nextInt(8) == 0) {
        part = 1 + network.random().nextInt(part);
      }
      if (part <= 0) {
        break;
      }
      ByteBuffer data = ByteBuffer.allocate(part);
      data.put(from[i].slice(from[i].position(), part)).flip();
      boolean whole = part == from[i].remaining();
      from[i].position(from[i].position() + part);
      underWayBytes += part;
      count += part;
      send(new Sent(sent++, data));
      if (!whole) {
        break;
      }
    }
    wakeWriter();
    return count;
  }

  private void send(Sent piece) {
    SimulatedConnection to = other;
    if (to == null) {
      return;
    }
    if (!stalled.isEmpty() || network.isCut(loop, to.loop)) {
      stalled.add(piece);
      return;
    }
    lastArrivalNs = Math.max(lastArrivalNs, network.nanoTime() + network.delayNs());
    network.atTime(lastArrivalNs, () -> to.arrive(piece, this));
  }

  /** The link is whole again. */
  void resume() {
    ArrayDeque<Sent> waiting = new ArrayDeque<>(stalled);
    stalled.clear();
    waiting.forEach(this::send);
  }

  private void arrive(Sent piece, SimulatedConnection from) {
    if (network.isCut(loop, from.loop)) {
      from.stalled.add(piece);
      return;
    }
    early.put(piece.sequence, piece);
    Sent next = early.remove(taken);
    while (next != null) {
      taken++;
      if (next.data == null) {
        endReached = true;
      } else {
        from.underWayBytes -= next.data.remaining();
        if (!closed && ending.isEmpty()) {
          inboxBytes += next.data.remaining();
          inbox.add(next.data);
        }
      }
      next = early.remove(taken);
    }
    wakeReader();
  }

  private void wakeReader() {
    if (readScheduled || closed) {
      return;
    }
    readScheduled = true;
    network.at(
        0,
        () -> {
          readScheduled = false;
          ConnectionHandler told = handler;
          if (closed || connecting || told == null || !wantsRead) {
            return;
          }
          if (!inbox.isEmpty() || endReached) {
            told.readable(this);
            if (!closed && !inbox.isEmpty()) {
              wakeReader();
            }
          }
        });
  }

  private void wakeWriter() {
    if (writeScheduled || closed || !wantsWrite) {
      return;
    }
    writeScheduled = true;
    network.at(
        0,
        () -> {
          writeScheduled = false;
          ConnectionHandler told = handler;
          if (closed || connecting || told == null || !wantsWrite || other == null) {
            return;
          }
          if (underWayBytes + other.inboxBytes < CAPACITY_BYTES) {
            told.writable(this);
          }
        });
  }

  @Override
  public void wantWrite(boolean on) {
    wantsWrite = on;
    wakeWriter();
  }

  @Override
  public void wantRead(boolean on) {
    wantsRead = on;
    if (on) {
      wakeReader();
    }
  }

  @Override
  public SocketEnd local() {
    return local;
  }

  @Override
  public SocketEnd remote() {
    return remote;
  }

  @Override
  public void protect(Hops hops) {}

  @Override
  public String ending() {
    return ending;
  }

  @Override
  public void close() {
    if (!closed) {
      send(new Sent(sent++, null));
      release();
    }
  }

  @Override
  public void reset() {
    if (!closed) {
      SimulatedConnection to = other;
      if (to != null) {
        Runnable lost = () -> to.lose("reset by the other side");
        network.at(network.delayNs(), lost);
      }
      release();
    }
  }

  private void release() {
    closed = true;
    handler = null;
    inbox.clear();
    network.closed(this);
    if (other != null) {
      inboxBytes = 0;
    }
  }
}
