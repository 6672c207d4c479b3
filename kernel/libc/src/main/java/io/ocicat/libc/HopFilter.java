package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A classic BPF program on a datagram socket that drops what came through too many routers, as RFC
 * 5082 wants it. The kernel's own option for that, {@code IP_MINTTL}, is heeded by TCP alone.
 */
public final class HopFilter {

  /** {@code struct sock_filter}, linux/filter.h. */
  public static final CStruct SOCK_FILTER =
      CStruct.of("sock_filter", "linux/filter.h").u16("code").u8("jt").u8("jf").u32("k").build();

  private static final int SO_ATTACH_FILTER = 26;

  private static final short LD_B_ABS = 0x30;
  private static final short JMP_JGE_K = 0x35;
  private static final short RET_K = 0x06;

  /** Where the network header is, seen from a program of a UDP socket: SKF_NET_OFF. */
  private static final int NETWORK_HEADER = -0x100000;

  private static final int TTL_OFFSET = 8;
  private static final int HOP_LIMIT_OFFSET = 7;

  /** Bytes of {@code struct sock_fprog}: a count and, aligned, a pointer. */
  private static final int SOCK_FPROG_BYTES = 16;

  private HopFilter() {}

  /**
   * Lets through only what arrives with at least {@code minimum} hops left.
   *
   * @param v6 whether the socket is one of IPv6
   * @param minimum 1 to 255
   */
  public static void attach(Fd socket, boolean v6, int minimum) {
    int size = SOCK_FILTER.sizeBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(4L * size, 8);
      int offset = NETWORK_HEADER + (v6 ? HOP_LIMIT_OFFSET : TTL_OFFSET);
      write(program.asSlice(0, size), LD_B_ABS, 0, 0, offset);
      write(program.asSlice(size, size), JMP_JGE_K, 0, 1, minimum);
      write(program.asSlice(2L * size, size), RET_K, 0, 0, -1);
      write(program.asSlice(3L * size, size), RET_K, 0, 0, 0);
      MemorySegment descriptor = arena.allocate(SOCK_FPROG_BYTES, 8);
      descriptor.set(JAVA_SHORT, 0, (short) 4);
      descriptor.set(ADDRESS, 8, program);
      Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, SO_ATTACH_FILTER, descriptor);
    }
  }

  private static void write(MemorySegment to, short code, int jumpTrue, int jumpFalse, int k) {
    to.set(JAVA_SHORT, SOCK_FILTER.offset("code"), code);
    to.set(JAVA_BYTE, SOCK_FILTER.offset("jt"), (byte) jumpTrue);
    to.set(JAVA_BYTE, SOCK_FILTER.offset("jf"), (byte) jumpFalse);
    to.set(JAVA_INT, SOCK_FILTER.offset("k"), k);
  }
}
