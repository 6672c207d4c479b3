package io.ocicat.bench;

import io.ocicat.libc.NetNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a contender through ADDs and DELs, one after the other and all at once. */
final class CniMeasurement {

  /** What to run. */
  record Load(int warmUp, int alone, int together) {}

  /** What was seen, one distribution per operation and manner. */
  record Observed(
      String contender,
      Distribution addAlone,
      Distribution delAlone,
      Distribution addTogether,
      Distribution delTogether) {}

  private CniMeasurement() {}

  static Observed run(Contender contender, Load load) {
    List<Contender.Pod> pods = new ArrayList<>();
    try {
      for (int i = 0; i < Math.max(load.alone(), load.together()); i++) {
        pods.add(pod(i));
      }
      contender.expect(pods);
      List<Contender.Pod> warmUp = pods.subList(0, Math.min(load.warmUp(), pods.size()));
      oneByOne(contender, warmUp, contender::add);
      oneByOne(contender, warmUp, contender::del);
      List<Contender.Pod> alone = pods.subList(0, load.alone());
      Distribution addAlone = oneByOne(contender, alone, contender::add);
      Distribution delAlone = oneByOne(contender, alone, contender::del);
      List<Contender.Pod> together = pods.subList(0, load.together());
      Distribution addTogether = atOnce(contender, together, contender::add);
      Distribution delTogether = atOnce(contender, together, contender::del);
      return new Observed(contender.name(), addAlone, delAlone, addTogether, delTogether);
    } finally {
      pods.forEach(pod -> pod.namespace().close());
    }
  }

  private static Contender.Pod pod(int index) {
    NetNamespace namespace = NetNamespace.create();
    Path path =
        Path.of(
            "/proc",
            Long.toString(ProcessHandle.current().pid()),
            "fd",
            Integer.toString(namespace.fd().value()));
    return new Contender.Pod("bench-" + index, namespace, path);
  }

  private static Distribution oneByOne(
      Contender contender, List<Contender.Pod> pods, Consumer<Contender.Pod> operation) {
    return contender
        .node()
        .call(
            () -> {
              long[] durations = new long[pods.size()];
              long start = System.nanoTime();
              for (int i = 0; i < durations.length; i++) {
                durations[i] = timed(pods.get(i), operation);
              }
              return Distribution.of(durations, System.nanoTime() - start);
            });
  }

  private static long timed(Contender.Pod pod, Consumer<Contender.Pod> operation) {
    long start = System.nanoTime();
    operation.accept(pod);
    return System.nanoTime() - start;
  }

  private static Distribution atOnce(
      Contender contender, List<Contender.Pod> pods, Consumer<Contender.Pod> operation) {
    long[] durations = new long[pods.size()];
    CountDownLatch ready = new CountDownLatch(pods.size());
    CountDownLatch go = new CountDownLatch(1);
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < durations.length; i++) {
      int index = i;
      Runnable work =
          () -> {
            ready.countDown();
            awaitUninterruptibly(go);
            durations[index] = timed(pods.get(index), operation);
          };
      threads.add(
          Thread.ofPlatform()
              .name("bench-" + i)
              .start(
                  () -> {
                    try {
                      contender
                          .node()
                          .call(
                              () -> {
                                work.run();
                                return index;
                              });
                    } catch (RuntimeException e) {
                      failures.add(e);
                    }
                  }));
    }
    awaitUninterruptibly(ready);
    long start = System.nanoTime();
    go.countDown();
    threads.forEach(CniMeasurement::join);
    long together = System.nanoTime() - start;
    if (!failures.isEmpty()) {
      throw new IllegalStateException(
          failures.size() + " of " + pods.size() + " calls at once failed", failures.remove());
    }
    return Distribution.of(durations, together);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the threads did not get ready within 60 s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }
}
