package io.ocicat.libc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace held open by a descriptor, network_namespaces(7).
 *
 * <p>A thread is in one namespace and a socket stays in the one it was opened in. So the way to
 * work in another namespace for long is to open a socket there with {@link #call} and to use it
 * from outside.
 */
public final class NetNamespace implements AutoCloseable {

  /** Where {@code ip netns} keeps the names. */
  public static final Path NAMED_DIRECTORY = Path.of("/var/run/netns");

  private static final Path OF_THREAD = Path.of("/proc/thread-self/ns/net");

  private final Fd fd;
  private final String description;

  private NetNamespace(Fd fd, String description) {
    this.fd = fd;
    this.description = description;
  }

  /** Work to be done in a namespace. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, E extends Exception> {
    T run() throws E;
  }

  /**
   * Opens a namespace by a path such as {@code /var/run/netns/x} or {@code /proc/7/ns/net}. That
   * the file is a network namespace shows only when it is used.
   *
   * @throws LibcException {@code ENOENT} if there is none
   */
  public static NetNamespace open(Path path) {
    return new NetNamespace(Syscalls.open(path, LinuxFile.O_RDONLY, 0), path.toString());
  }

  /**
   * The namespace of a process.
   *
   * @throws LibcException {@code ENOENT} if there is no such process
   */
  public static NetNamespace ofProcess(long pid) {
    return open(Path.of("/proc", Long.toString(pid), "ns", "net"));
  }

  /** The namespace that the calling thread is in. */
  public static NetNamespace current() {
    return open(OF_THREAD);
  }

  /** A new namespace without a name, which is gone when nothing refers to it any more. */
  public static NetNamespace create() {
    return onThreadOfItsOwn(
        "netns-create",
        () -> {
          Syscalls.unshare(LinuxFile.CLONE_NEWNET);
          return current();
        });
  }

  /**
   * A new namespace with a name, as {@code ip netns add} makes it: bind-mounted on a file.
   *
   * @param directory created if missing; {@link #NAMED_DIRECTORY} for {@code ip netns} to see it
   * @throws LibcException {@code EEXIST} if the name is taken; nothing is left behind on failure
   */
  public static NetNamespace createNamed(Path directory, String name) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory + " for namespace " + name, e);
    }
    Syscalls.open(file, LinuxFile.O_RDONLY | LinuxFile.O_CREAT | LinuxFile.O_EXCL, 0).close();
    try {
      return onThreadOfItsOwn(
          "netns-create",
          () -> {
            Syscalls.unshare(LinuxFile.CLONE_NEWNET);
            Syscalls.mount(OF_THREAD.toString(), file, "none", LinuxFile.MS_BIND);
            return open(file);
          });
    } catch (RuntimeException e) {
      deleteNamed(directory, name);
      throw e;
    }
  }

  /**
   * Takes the name away; the namespace lives on while a process, a socket or a descriptor is in it.
   * Does nothing if the name does not exist.
   */
  public static void deleteNamed(Path directory, String name) {
    Path file = directory.resolve(name);
    try {
      Syscalls.umount2(file, LinuxFile.MNT_DETACH);
    } catch (LibcException e) {
      // EINVAL: a file that nothing is mounted on, left by a crash between the two steps.
      if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  /** The descriptor, owned by this object. */
  public Fd fd() {
    return fd;
  }

  /**
   * Identifies the namespace among those that exist now.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public long inode() {
    try {
      Object inode =
          Files.getAttribute(Path.of("/proc/self/fd", Integer.toString(fd.value())), "unix:ino");
      return ((Number) inode).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell which namespace " + this + " is", e);
    }
  }

  /**
   * Runs work in this namespace, on a platform thread made for it that ends afterwards, and waits
   * for it. Work must not start threads. A process that it starts is in this namespace.
   *
   * <p>An interrupt does not stop the wait; it is kept for the caller.
   *
   * @throws E what the work threw
   * @throws LibcException {@code EINVAL} if this is not a network namespace
   */
  public <T extends @Nullable Object, E extends Exception> T call(Work<T, E> work) throws E {
    return onThreadOfItsOwn(
        "netns-" + description,
        () -> {
          Syscalls.setns(fd, LinuxFile.CLONE_NEWNET);
          return work.run();
        });
  }

  /** As {@link #call}, for work without a result. */
  public void run(Runnable work) {
    Object _ =
        call(
            () -> {
              work.run();
              return "";
            });
  }

  /**
   * Runs work in this namespace on the calling thread, which is in {@code home} before and after.
   * Costs two system calls where {@link #call} costs a thread, so it is for short work that is done
   * often. Not for virtual threads.
   *
   * @param home where the thread is now
   * @throws E what the work threw
   * @throws LibcException {@code EINVAL} if this is not a network namespace
   * @throws StrandedThreadError if the thread could not go back; it must end
   */
  public <T extends @Nullable Object, E extends Exception> T visit(
      NetNamespace home, Work<T, E> work) throws E {
    Syscalls.setns(fd, LinuxFile.CLONE_NEWNET);
    try {
      return work.run();
    } finally {
      home.returnTo();
    }
  }

  private void returnTo() {
    try {
      Syscalls.setns(fd, LinuxFile.CLONE_NEWNET);
    } catch (LibcException e) {
      throw new StrandedThreadError(this, e);
    }
  }

  /** The thread is in another namespace than the code that runs on it believes. */
  public static final class StrandedThreadError extends Error {

    StrandedThreadError(NetNamespace home, LibcException cause) {
      super("thread %s cannot go back to %s".formatted(Thread.currentThread(), home), cause);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends @Nullable Object, E extends Exception> T onThreadOfItsOwn(
      String name, Work<T, E> work) throws E {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread.ofPlatform().name(name).start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            // Work can throw nothing else than E.
            case Exception cause -> throw (E) cause;
            case null, default -> throw new IllegalStateException("work failed", e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return "network namespace " + description;
  }
}
