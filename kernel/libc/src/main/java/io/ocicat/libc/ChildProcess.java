package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs one short program with posix_spawn(3) and nothing between it and us.
 *
 * <p>For measuring and for running CNI plugins as a container runtime does: the JDK's own process
 * start goes through a helper executable that costs more than the programs run here. The child is
 * in the network namespace of the calling thread, with standard error shared with this process.
 */
public final class ChildProcess {

  /** {@code sizeof(posix_spawn_file_actions_t)}: 80 with glibc on 64-bit machines; kept roomy. */
  private static final long FILE_ACTIONS_BYTES = 256;

  /** The exit status, or 128 + the signal that ended it, and what the program printed. */
  public record Result(int exitStatus, String stdout) {}

  private ChildProcess() {}

  /**
   * Runs a program to its end. Blocks; not for virtual threads.
   *
   * @param stdin must fit a pipe's buffer, 64 KiB
   * @throws LibcException if the program cannot be started
   * @throws IllegalArgumentException if stdin is too long
   */
  public static Result run(Path program, Map<String, String> environment, byte[] stdin) {
    if (stdin.length > 65_536) {
      throw new IllegalArgumentException("standard input of more than 64 KiB: " + stdin.length);
    }
    try (Arena arena = Arena.ofConfined();
        Pipe in = Pipe.open();
        Pipe out = Pipe.open()) {
      int written = stdin.length == 0 ? 0 : Syscalls.write(in.writeEnd(), stdin);
      if (written != stdin.length) {
        throw new IllegalStateException("a pipe took only " + written + " bytes");
      }
      int pid = spawn(arena, program, environment, in.readEnd(), out.writeEnd());
      in.closeEnds();
      out.writeEnd().close();
      String stdout = readToEnd(out.readEnd());
      return new Result(waitFor(pid), stdout);
    }
  }

  private static int spawn(
      Arena arena, Path program, Map<String, String> environment, Fd stdin, Fd stdout) {
    MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, 8);
    MemorySegment pid = arena.allocate(JAVA_INT);
    MemorySegment path = arena.allocateFrom(program.toString());
    MemorySegment arguments = strings(arena, List.of(program.toString()));
    MemorySegment variables =
        strings(
            arena,
            environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    int stdinFd = stdin.value();
    int stdoutFd = stdout.value();
    try {
      succeed(
          "posix_spawn_file_actions_init",
          program,
          (int) Native.SPAWN_ACTIONS_INIT.invokeExact(actions));
      try {
        succeed(
            "adddup2", program, (int) Native.SPAWN_ACTIONS_DUP2.invokeExact(actions, stdinFd, 0));
        succeed(
            "adddup2", program, (int) Native.SPAWN_ACTIONS_DUP2.invokeExact(actions, stdoutFd, 1));
        succeed(
            "posix_spawn",
            program,
            (int)
                Native.SPAWN.invokeExact(
                    pid, path, actions, MemorySegment.NULL, arguments, variables));
      } finally {
        int _ = (int) Native.SPAWN_ACTIONS_DESTROY.invokeExact(actions);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("posix_spawn did not link as declared", e);
    }
    return pid.get(JAVA_INT, 0);
  }

  /** These functions return the error number instead of setting errno. */
  private static void succeed(String call, Path program, int errno) {
    if (errno != 0) {
      throw new LibcException(call, new Errno(errno), program.toString());
    }
  }

  private static MemorySegment strings(Arena arena, List<String> values) {
    MemorySegment array = arena.allocate(ADDRESS, values.size() + 1L);
    for (int i = 0; i < values.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(values.get(i)));
    }
    return array;
  }

  private static String readToEnd(Fd file) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (NativeBuffer buffer = new NativeBuffer(16 << 10)) {
      int count;
      while ((count = Syscalls.read(file, buffer)) > 0) {
        all.writeBytes(buffer.copy(count));
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  private static int waitFor(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      Syscalls.waitpid(pid, status, 0);
      int value = status.get(JAVA_INT, 0);
      int signal = value & 0x7f;
      return signal == 0 ? value >> 8 & 0xff : 128 + signal;
    }
  }

  /** Both ends of a pipe(7), closed on exec. */
  private record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {

    static Pipe open() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment ends = arena.allocate(JAVA_INT, 2);
        Syscalls.pipe2(ends, LinuxFile.O_CLOEXEC);
        return new Pipe(new Fd(ends.getAtIndex(JAVA_INT, 0)), new Fd(ends.getAtIndex(JAVA_INT, 1)));
      }
    }

    void closeEnds() {
      readEnd.close();
      writeEnd.close();
    }

    @Override
    public void close() {
      closeEnds();
    }
  }
}
