package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Classic BPF programs on sockets, socket(7): what a program returns 0 for is not received.
 *
 * <p>Numbers in packets are read as big endian.
 */
public final class SocketFilter {

  /** {@code struct sock_filter}, linux/filter.h. */
  public static final CStruct SOCK_FILTER =
      CStruct.of("sock_filter", "linux/filter.h").u16("code").u8("jt").u8("jf").u32("k").build();

  private static final int SO_ATTACH_FILTER = 26;

  private static final int LD_W_ABS = 0x20;
  private static final int LD_H_ABS = 0x28;
  private static final int LD_B_ABS = 0x30;
  private static final int JMP_JEQ_K = 0x15;
  private static final int JMP_JGE_K = 0x35;
  private static final int RET_K = 0x06;

  /** Bytes of {@code struct sock_fprog}: a count and, aligned, a pointer. */
  private static final int SOCK_FPROG_BYTES = 16;

  /** One instruction; jumps count instructions from the next one on. */
  public record Instruction(int code, int jumpTrue, int jumpFalse, int k) {

    public static Instruction loadByte(int offset) {
      return new Instruction(LD_B_ABS, 0, 0, offset);
    }

    public static Instruction loadHalf(int offset) {
      return new Instruction(LD_H_ABS, 0, 0, offset);
    }

    public static Instruction loadWord(int offset) {
      return new Instruction(LD_W_ABS, 0, 0, offset);
    }

    public static Instruction ifEqual(int value, int jumpTrue, int jumpFalse) {
      return new Instruction(JMP_JEQ_K, jumpTrue, jumpFalse, value);
    }

    public static Instruction ifAtLeast(int value, int jumpTrue, int jumpFalse) {
      return new Instruction(JMP_JGE_K, jumpTrue, jumpFalse, value);
    }

    public static Instruction accept() {
      return new Instruction(RET_K, 0, 0, -1);
    }

    public static Instruction drop() {
      return new Instruction(RET_K, 0, 0, 0);
    }
  }

  private SocketFilter() {}

  /**
   * @throws LibcException if the kernel does not take the program
   */
  public static void attach(Fd socket, List<Instruction> program) {
    int size = SOCK_FILTER.sizeBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate((long) program.size() * size, 8);
      for (int i = 0; i < program.size(); i++) {
        write(code.asSlice((long) i * size, size), program.get(i));
      }
      MemorySegment descriptor = arena.allocate(SOCK_FPROG_BYTES, 8);
      descriptor.set(JAVA_SHORT, 0, (short) program.size());
      descriptor.set(ADDRESS, 8, code);
      Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, SO_ATTACH_FILTER, descriptor);
    }
  }

  private static void write(MemorySegment to, Instruction instruction) {
    to.set(JAVA_SHORT, SOCK_FILTER.offset("code"), (short) instruction.code);
    to.set(JAVA_BYTE, SOCK_FILTER.offset("jt"), (byte) instruction.jumpTrue);
    to.set(JAVA_BYTE, SOCK_FILTER.offset("jf"), (byte) instruction.jumpFalse);
    to.set(JAVA_INT, SOCK_FILTER.offset("k"), instruction.k);
  }
}
