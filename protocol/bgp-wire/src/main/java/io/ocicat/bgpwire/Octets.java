package io.ocicat.bgpwire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Numbers in network order and hashes, straight from arrays. */
final class Octets {

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private Octets() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }

  static int int16(byte[] octets, int at) {
    return (short) SHORT.get(octets, at) & 0xffff;
  }

  static int int32(byte[] octets, int at) {
    return (int) INT.get(octets, at);
  }

  static long int64(byte[] octets, int at) {
    return (long) LONG.get(octets, at);
  }

  static void putInt16(byte[] octets, int at, int value) {
    SHORT.set(octets, at, (short) value);
  }

  static void putInt32(byte[] octets, int at, int value) {
    INT.set(octets, at, value);
  }

  /** Goes on from {@code seed}; the same octets cut in other places give another hash. */
  static long hash(long seed, byte[] octets, int from, int to) {
    long hash = seed + (to - from);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash ^ (long) LONG.get(octets, at));
    }
    long tail = 0;
    for (; at < to; at++) {
      tail = (tail << 8) | (octets[at] & 0xff);
    }
    return mix(hash ^ tail);
  }

  private static long mix(long value) {
    long product = value * MULTIPLIER;
    return product ^ (product >>> 32);
  }

  static boolean equal(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
    return Arrays.equals(a, aFrom, aFrom + length, b, bFrom, bFrom + length);
  }
}
