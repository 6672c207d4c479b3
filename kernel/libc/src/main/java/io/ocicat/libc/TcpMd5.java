package io.ocicat.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Keys of TCP segments' MD5 signatures, RFC 2385: {@code struct tcp_md5sig} of linux/tcp.h.
 *
 * <p>A listening socket has a key for each prefix that peers come from; the kernel then takes
 * nothing from there that is not signed with it.
 */
public final class TcpMd5 {

  public static final int LONGEST_KEY_BYTES = 80;

  private static final int ADDRESS_BYTES = 128;
  private static final int STRUCT_BYTES = ADDRESS_BYTES + 8 + LONGEST_KEY_BYTES;

  private TcpMd5() {}

  /**
   * Sets the key for all that come from one prefix, or takes it away.
   *
   * @param network the prefix's first address, of the socket's family; the port does not matter
   * @param key empty to take it away
   * @throws LibcException {@code ENOENT} if there is none to take away
   */
  public static void set(Fd socket, Sockaddr.Inet network, int prefixLength, String key) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    if (keyBytes.length > LONGEST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has at most %d bytes, not %d".formatted(LONGEST_KEY_BYTES, keyBytes.length));
    }
    byte[] address = network.encode();
    boolean host =
        prefixLength == (address.length == Sockaddr.Inet.STRUCT_IN.sizeBytes() ? 32 : 128);
    ByteBuffer value = ByteBuffer.allocate(STRUCT_BYTES).order(ByteOrder.nativeOrder());
    value.put(address).position(ADDRESS_BYTES);
    value.put((byte) (host ? 0 : LinuxSocket.TCP_MD5SIG_FLAG_PREFIX));
    value.put((byte) (host ? 0 : prefixLength));
    value.putShort((short) keyBytes.length).putInt(0).put(keyBytes);
    Syscalls.setsockopt(
        socket,
        LinuxSocket.IPPROTO_TCP,
        host ? LinuxSocket.TCP_MD5SIG : LinuxSocket.TCP_MD5SIG_EXT,
        value.array());
  }
}
