package io.ocicat.agent.node;

import io.ocicat.agent.logged.SeenFlows;
import io.ocicat.inet.IpAddress;
import io.ocicat.nft.Drift;
import io.ocicat.nft.NftInspection;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodName;
import io.ocicat.sync.SyncItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the node loop tells people of its node, as notices: packets that policy denied, what others
 * had changed, answers to inspections. Belongs to the loop's thread.
 */
final class Findings {

  /** Sentences that are told of many. */
  static final int MOST_SENTENCES = 20;

  private static final int MOST_CHARACTERS = 200;
  private static final String NFT = "nft";

  private record Repaired(String sentence, long atNs) {}

  private final NodeModel model;
  private final Deque<Repaired> lastRepaired = new ArrayDeque<>();
  private long repairedCount;

  Findings(NodeModel model) {
    this.model = model;
  }

  /** What the kernel reported, with the pods and the policy that it concerns. */
  Optional<Notice> logged(SeenFlows seen) {
    Map<IpAddress, LocalEndpoint> endpoints = model.endpointsByAddress();
    List<LoggedFlow> flows = new ArrayList<>();
    for (SeenFlows.Seen each : seen.flows()) {
      model
          .decision(each.key())
          .ifPresent(
              decision -> {
                boolean ingress = decision.direction().equals("ingress");
                SeenFlows.Flow flow = each.flow();
                IpAddress own = ingress ? flow.destination() : flow.source();
                Optional<LocalEndpoint> endpoint = Optional.ofNullable(endpoints.get(own));
                flows.add(
                    new LoggedFlow(
                        endpoint.map(Findings::name).orElse(new PodName("", "")),
                        endpoint.map(known -> known.endpoint().podUid()).orElse(""),
                        ingress ? flow.source() : flow.destination(),
                        flow.protocol(),
                        flow.port(),
                        decision,
                        each.packets(),
                        each.atMillis()));
              });
    }
    // Of a rule that is gone again nobody knows what it was.
    return flows.isEmpty() && seen.lost() == 0
        ? Optional.empty()
        : Optional.of(new Notice.Logged(flows, seen.lost()));
  }

  private static PodName name(LocalEndpoint endpoint) {
    return new PodName(endpoint.podName().namespace(), endpoint.podName().name());
  }

  /** What was put right, of one kind of thing. */
  Notice repaired(String what, List<String> changes, long nowNs) {
    if (what.equals(NFT)) {
      repairedCount += changes.size();
      for (String change : changes) {
        lastRepaired.addLast(new Repaired(cut(change), nowNs));
        if (lastRepaired.size() > MOST_SENTENCES) {
          lastRepaired.removeFirst();
        }
      }
    }
    return new Notice.Repaired(what, first(changes), changes.size());
  }

  /** The first of many sentences, none of them very long. */
  static List<String> first(List<String> sentences) {
    return sentences.stream().limit(MOST_SENTENCES).map(Findings::cut).toList();
  }

  private static String cut(String sentence) {
    return sentence.length() <= MOST_CHARACTERS
        ? sentence
        : sentence.substring(0, MOST_CHARACTERS) + "…";
  }

  /** The answer to an inspection. */
  Notice inspected(SyncItem.Inspection asked, NftInspection found, long nowNs) {
    List<String> differences = found.differences().stream().map(Drift::toString).toList();
    return new Notice.Inspected(
        asked.uid(),
        model.generation(),
        first(differences),
        differences.size(),
        repairedCount,
        lastRepaired(nowNs),
        found.dump().map(dump -> model.counts(dump, asked.policies())).orElse(List.of()));
  }

  /** The answer where nftables could not be read. */
  Notice notInspected(SyncItem.Inspection asked, String reason, long nowNs) {
    return new Notice.Inspected(
        asked.uid(),
        model.generation(),
        List.of(cut(reason)),
        1,
        repairedCount,
        lastRepaired(nowNs),
        List.of());
  }

  private List<String> lastRepaired(long nowNs) {
    return lastRepaired.stream()
        .map(
            each ->
                "%d s ago: %s"
                    .formatted(Duration.ofNanos(nowNs - each.atNs()).toSeconds(), each.sentence()))
        .toList();
  }
}
