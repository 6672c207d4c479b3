package io.ocicat.bgpwire;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils good octets in the ways that lengths, counts and types break on. */
public final class Mutator {

  private static final int[] EDGES = {
    0, 1, 2, 3, 4, 0x0f, 0x10, 0x20, 0x40, 0x7f, 0x80, 0xfe, 0xff
  };

  private final Random random;
  private final List<byte[]> corpus;

  /** Prints the seed, so that a failure can be had again. */
  public Mutator(long seed, List<byte[]> corpus) {
    System.out.println("seed " + seed);
    this.random = new Random(seed);
    this.corpus = corpus;
  }

  /** One of the corpus with one to four faults; now and then with none. */
  public byte[] next() {
    byte[] octets = corpus.get(random.nextInt(corpus.size())).clone();
    int faults = random.nextInt(5);
    for (int i = 0; i < faults && octets.length > 0; i++) {
      octets = spoil(octets);
    }
    return octets;
  }

  private byte[] spoil(byte[] octets) {
    int at = random.nextInt(octets.length);
    switch (random.nextInt(7)) {
      case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> octets[at] = (byte) EDGES[random.nextInt(EDGES.length)];
      case 2 -> octets[at] += (byte) (random.nextBoolean() ? 1 : -1);
      case 3 -> {
        return Arrays.copyOf(octets, at);
      }
      case 4 -> {
        return splice(octets, at, octets, at, Math.min(octets.length, at + 1 + random.nextInt(8)));
      }
      case 5 -> {
        byte[] other = corpus.get(random.nextInt(corpus.size()));
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return splice(octets, at, other, from, Math.min(other.length, from + random.nextInt(40)));
      }
      default -> {
        int end = Math.min(octets.length, at + 1 + random.nextInt(6));
        byte[] shorter = Arrays.copyOf(octets, octets.length - (end - at));
        System.arraycopy(octets, end, shorter, at, octets.length - end);
        return shorter;
      }
    }
    return octets;
  }

  private static byte[] splice(byte[] into, int at, byte[] from, int start, int end) {
    byte[] out = Arrays.copyOf(into, into.length + end - start);
    System.arraycopy(from, start, out, at, end - start);
    System.arraycopy(into, at, out, at + end - start, into.length - at);
    return out;
  }
}
