package io.ocicat.controller;

import io.ocicat.inet.IpAddress;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.client.SyncClient;
import io.ocicat.sync.client.SyncListener;
import io.ocicat.sync.client.SyncTable;
import io.ocicat.sync.client.TableStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An agent with the real client and no kernel: it takes updates when the test looks. */
final class TestAgent implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  final SyncClient client;
  final SyncTable table = new SyncTable();
  final List<SyncDelta> taken = new ArrayList<>();
  private final Semaphore news = new Semaphore(0);

  TestAgent(String node, ControllerTransport transport, TableStore saved, Endpoint... wired) {
    client =
        SyncClient.start(
            new SyncClient.Agent(node, "test"),
            transport,
            saved,
            List.of(wired),
            new SyncListener() {
              @Override
              public void updatesPending() {
                news.release();
              }

              @Override
              public void connectionChanged(boolean connected) {
                news.release();
              }
            },
            new SplittableRandom(1));
  }

  static Endpoint endpoint(String container, String namespace, String pod, String address) {
    return endpoint(container, namespace, pod, "", address);
  }

  static Endpoint endpoint(
      String container, String namespace, String pod, String podUid, String address) {
    return new Endpoint(
        new EndpointKey(container, "eth0"),
        namespace,
        pod,
        podUid,
        List.of(IpAddress.parse(address)),
        "oci" + container,
        "",
        Map.of("app", "reported"),
        List.of());
  }

  static NodeReport ready(String address) {
    return new NodeReport(
        List.of(IpAddress.parse(address)), Map.of("zone", "a"), true, Map.of(), List.of());
  }

  /** Takes updates until the table is as wanted. */
  void await(String what, Predicate<SyncTable> wanted) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      client
          .takeUpdates()
          .ifPresent(
              delta -> {
                taken.add(delta);
                table.apply(delta);
              });
      if (wanted.test(table)) {
        return;
      }
      try {
        if (!news.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          throw new AssertionError(what + " did not come in " + DEADLINE + ": " + table.items());
        }
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting for " + what, e);
      }
    }
  }

  void awaitGeneration(long generation) {
    await("generation " + generation, held -> held.generation() >= generation);
  }

  void awaitConnected() {
    await("a connection", _ -> client.connected());
  }

  /** The addresses of a group's members, in order; empty if the group has not arrived. */
  Optional<List<String>> members(String groupId) {
    return table.items().get(ItemKey.group(groupId)) instanceof SyncItem.Group group
        ? Optional.of(
            group.members().stream().sorted().map(each -> each.net().address().toString()).toList())
        : Optional.empty();
  }

  void awaitMembers(String groupId, String... addresses) {
    await(
        "members " + List.of(addresses),
        _ -> members(groupId).equals(Optional.of(List.of(addresses))));
  }

  @Override
  public void close() {
    client.close();
  }
}
