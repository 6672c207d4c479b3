package io.ocicat.agent;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.client.Controller;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A controller that says what a test tells it to, and remembers what it was told. */
public final class FakeController implements Controller {

  public final Queue<SyncDelta> updates = new ConcurrentLinkedQueue<>();
  public final List<Set<String>> subscriptions = new CopyOnWriteArrayList<>();
  public final List<Long> acknowledged = new CopyOnWriteArrayList<>();
  public final List<NodeReport> reports = new CopyOnWriteArrayList<>();
  public final List<PodTrouble> troubles = new CopyOnWriteArrayList<>();
  public final List<Notice> notices = new CopyOnWriteArrayList<>();
  public final Map<EndpointKey, Endpoint> endpoints = new ConcurrentHashMap<>();
  public final Deque<BlockAnswer> blockAnswers = new ArrayDeque<>();
  public final List<BlockRequest> blockRequests = new CopyOnWriteArrayList<>();
  public final Queue<PodAnswer> podAnswers = new ConcurrentLinkedQueue<>();
  public final List<String> podQuestions = new CopyOnWriteArrayList<>();
  public volatile boolean connected = true;

  @Override
  public Optional<SyncDelta> takeUpdates() {
    return Optional.ofNullable(updates.poll());
  }

  @Override
  public void subscribe(Set<String> groupIds) {
    subscriptions.add(groupIds);
  }

  @Override
  public void ack(long generation) {
    acknowledged.add(generation);
  }

  @Override
  public void endpointUp(Endpoint endpoint) {
    endpoints.put(endpoint.key(), endpoint);
  }

  @Override
  public void endpointDown(EndpointKey key) {
    endpoints.remove(key);
  }

  @Override
  public void report(NodeReport report) {
    reports.add(report);
  }

  @Override
  public void tell(Notice notice) {
    notices.add(notice);
  }

  @Override
  public void report(PodTrouble trouble) {
    troubles.add(trouble);
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    podQuestions.add(pod + " " + uid);
    return Optional.ofNullable(podAnswers.poll()).orElse(new PodAnswer.NotFound(Map.of()));
  }

  @Override
  public synchronized BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    blockRequests.add(request);
    return blockAnswers.isEmpty()
        ? new BlockAnswer.Unavailable("it sleeps")
        : blockAnswers.removeFirst();
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return new ReleaseAnswer.Released();
  }

  @Override
  public boolean connected() {
    return connected;
  }
}
