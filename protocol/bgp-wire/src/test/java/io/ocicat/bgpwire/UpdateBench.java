package io.ocicat.bgpwire;

import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Prints what a prefix costs to write and to read: 1,000,000 of them, ten with each set of
 * attributes. Not a test; run {@code main}.
 */
final class UpdateBench {

  private static final int SETS = 100_000;
  private static final int PREFIXES_PER_SET = 10;

  private UpdateBench() {}

  public static void main(String[] args) {
    Random random = new Random(7);
    List<Attributes> sets = new ArrayList<>();
    for (int i = 0; i < SETS; i++) {
      int[] path = new int[2 + random.nextInt(5)];
      for (int j = 0; j < path.length; j++) {
        path[j] = j == 0 ? 65001 : 1 + random.nextInt(400_000);
      }
      AttributesBuilder builder = Attributes.builder().asPath(AsPath.sequence(path));
      builder.nextHop(new Ipv4Address(0x0a000001)).med(random.nextInt(100));
      builder.addCommunity(new Community(random.nextInt()));
      sets.add(builder.addCommunity(new Community(random.nextInt())).build());
    }
    ReceiveTraits traits = ReceiveTraits.plain(PeerKind.EXTERNAL, 65001);
    for (int round = 0; round < 12; round++) {
      System.gc();
      long t0 = System.nanoTime();
      ByteBuffer stream = write(sets);
      long t1 = System.nanoTime();
      AttributeCache cache = new AttributeCache();
      Counter cold = read(stream, new UpdateParser(traits, cache));
      long t2 = System.nanoTime();
      AttributeCache warm = new AttributeCache(1 << 19);
      read(stream, new UpdateParser(traits, warm));
      long t3 = System.nanoTime();
      read(stream, new UpdateParser(traits, warm));
      long t4 = System.nanoTime();
      double prefixes = SETS * PREFIXES_PER_SET;
      System.out.printf(
          "write %.1f ns/prefix, read new sets %.1f, read known sets %.1f (%d prefixes, %d octets, %d of %d known)%n",
          (t1 - t0) / prefixes,
          (t2 - t1) / prefixes,
          (t4 - t3) / prefixes,
          cold.prefixes,
          stream.limit(),
          warm.hits(),
          warm.hits() + warm.misses());
    }
  }

  private static ByteBuffer write(List<Attributes> sets) {
    ByteBuffer out = ByteBuffer.allocate(SETS * 140);
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    writer.begin(out);
    int address = 0x01000000;
    for (Attributes attributes : sets) {
      writer.announcing(writer.encode(Family.IPV4_UNICAST, attributes));
      for (int i = 0; i < PREFIXES_PER_SET; i++) {
        if (!writer.v4(address, 24, 0)) {
          throw new IllegalStateException("the buffer is too small");
        }
        address += 256;
      }
    }
    writer.finish();
    return out.flip();
  }

  private static Counter read(ByteBuffer stream, UpdateParser parser) {
    ByteBuffer in = stream.duplicate();
    Framing framing = new Framing();
    Counter counter = new Counter();
    while (framing.next(in) == Framing.Cut.MESSAGE) {
      Notification error = parser.parse(framing.body(), counter);
      if (error != null) {
        throw new IllegalStateException(error.toString());
      }
    }
    return counter;
  }

  private static final class Counter implements UpdateHandler, PrefixVisitor {
    private long prefixes;
    private long sum;

    @Override
    public void announce(Family family, Attributes attributes, Nlri nlri) {
      nlri.forEach(this);
    }

    @Override
    public void withdraw(Family family, Nlri nlri) {
      throw new IllegalStateException("withdrawn: " + nlri);
    }

    @Override
    public void endOfRib(Family family) {}

    @Override
    public void malformed(AttributeError error) {
      throw new IllegalStateException(error.toString());
    }

    @Override
    public void v4(int address, int length, int pathId) {
      prefixes++;
      sum += address;
    }

    @Override
    public void v6(long high, long low, int length, int pathId) {
      sum += low;
    }

    @Override
    public String toString() {
      return prefixes + " " + sum;
    }
  }
}
