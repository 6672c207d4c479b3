package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Result.Cannot;
import io.ocicat.routers.matrix.Result.Failed;
import io.ocicat.routers.matrix.Result.NotRun;
import io.ocicat.routers.matrix.Result.Works;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The table for people: the same cells give the same octets. */
final class Page {

  private static final String HEAD =
      """
      # Interoperation

      What Ocicat's BGP speaker does with the routers of Debian 12: BIRD 2, FRR 8, GoBGP 3, OpenBGPD 7 and ExaBGP 4. This page is
      made by the tests in `testing/routers`, which fail when it tells something else than what came of them. Each cell is a test
      that ran, with the speaker and the router in network namespaces of their own; both sides were asked what they think.

      """;

  private final List<String> reasons = new ArrayList<>();

  private Page() {}

  static String of(BiFunction<Feature, Peer, Result> results) {
    Page page = new Page();
    StringBuilder text = new StringBuilder(HEAD);
    text.append('|');
    for (Peer peer : Peer.values()) {
      text.append(" | ").append(peer.title());
    }
    text.append(" |\n|---").append("|---".repeat(Peer.values().length)).append("|\n");
    for (Feature feature : Feature.values()) {
      text.append("| ").append(feature.title());
      for (Peer peer : Peer.values()) {
        text.append(" | ").append(page.words(results.apply(feature, peer)));
      }
      text.append(" |\n");
    }
    if (!page.reasons.isEmpty()) {
      text.append("\nWhat a router cannot, and how that shows:\n\n");
      for (String reason : page.reasons) {
        text.append(page.reasons.indexOf(reason) + 1).append(". ").append(reason).append(".\n");
      }
    }
    return text.toString();
  }

  private String words(Result result) {
    return switch (result) {
      case Works _ -> "yes";
      case Failed _ -> "**no**";
      case NotRun _ -> "not run";
      case Cannot(String reason) -> {
        if (!reasons.contains(reason)) {
          reasons.add(reason);
        }
        yield "n/a (" + (reasons.indexOf(reason) + 1) + ")";
      }
    };
  }
}
