package io.ocicat.libc;

import io.ocicat.libc.SocketFilter.Instruction;
import java.util.List;

/**
 * A classic BPF program on a datagram socket that drops what came through too many routers, as RFC
 * 5082 wants it. The kernel's own option for that, {@code IP_MINTTL}, is heeded by TCP alone.
 */
public final class HopFilter {

  /** Where the network header is, seen from a program of a UDP socket: SKF_NET_OFF. */
  private static final int NETWORK_HEADER = -0x100000;

  private static final int TTL_OFFSET = 8;
  private static final int HOP_LIMIT_OFFSET = 7;

  private HopFilter() {}

  /**
   * Lets through only what arrives with at least {@code minimum} hops left.
   *
   * @param v6 whether the socket is one of IPv6
   * @param minimum 1 to 255
   */
  public static void attach(Fd socket, boolean v6, int minimum) {
    SocketFilter.attach(
        socket,
        List.of(
            Instruction.loadByte(NETWORK_HEADER + (v6 ? HOP_LIMIT_OFFSET : TTL_OFFSET)),
            Instruction.ifAtLeast(minimum, 0, 1),
            Instruction.accept(),
            Instruction.drop()));
  }
}
