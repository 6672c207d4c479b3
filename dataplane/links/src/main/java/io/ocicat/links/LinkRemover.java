package io.ocicat.links;

import io.ocicat.libc.Errno;
import io.ocicat.netlink.Answer;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NlRequest;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Deletes links so that callers at the same time share one deletion.
 *
 * <p>The kernel waits for several RCU grace periods for each deletion, however many links it is of.
 * While one caller's deletion is under way the others queue up; the next to have its turn takes all
 * of them: it moves their links to a group of ours and deletes the group.
 */
final class LinkRemover {

  /** Links are in this group only within one system call. */
  static final int GROUP = 0x6f636931;

  private static final class Removal {
    private final String name;
    private boolean done;
    private @Nullable NetlinkException failure;

    Removal(String name) {
      this.name = name;
    }
  }

  private final Rtnetlink rtnetlink;
  private final Queue<Removal> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param rtnetlink a socket of its own, so that other requests need not wait for a deletion
   */
  LinkRemover(Rtnetlink rtnetlink) {
    this.rtnetlink = rtnetlink;
  }

  /** Deletes the links of those names; one that is not there is no failure. */
  void remove(List<String> names) {
    List<Removal> removals = names.stream().map(Removal::new).toList();
    waiting.addAll(removals);
    turn.lock();
    try {
      if (!removals.stream().allMatch(removal -> removal.done)) {
        removeAllWaiting();
      }
    } finally {
      turn.unlock();
    }
    removals.stream()
        .flatMap(removal -> Optional.ofNullable(removal.failure).stream())
        .findFirst()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  private void removeAllWaiting() {
    List<Removal> batch = new ArrayList<>();
    for (Removal next = waiting.poll(); next != null; next = waiting.poll()) {
      batch.add(next);
    }
    try {
      delete(batch.stream().map(removal -> removal.name).distinct().toList());
    } catch (NetlinkException e) {
      batch.forEach(removal -> removal.failure = e);
    } finally {
      batch.forEach(removal -> removal.done = true);
    }
  }

  private void delete(List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    List<NlRequest> requests = new ArrayList<>();
    if (names.size() == 1) {
      requests.add(LinkCodec.delLink(names.getFirst()));
    } else {
      names.forEach(name -> requests.add(LinkCodec.setLink(name, LinkSettings.NONE.group(GROUP))));
      requests.add(LinkCodec.delGroup(GROUP));
    }
    for (Answer answer : rtnetlink.executeAll(requests)) {
      if (answer instanceof Answer.Refused(NetlinkException cause) && !cause.is(Errno.ENODEV)) {
        throw cause;
      }
    }
  }
}
