package io.ocicat.routers.matrix;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All cells, each run once: with each peer one after the other, with different peers at the same
 * time, for most of a cell's time is waiting.
 */
final class Matrix {

  private final Map<Peer, Map<Feature, CompletableFuture<Result>>> cells =
      new EnumMap<>(Peer.class);
  private final Set<Cell> open = ConcurrentHashMap.newKeySet();

  private Matrix() {}

  /** Begins to run the cells of those peers and features; the others are not run. */
  static Matrix start(Set<Peer> peers, Set<Feature> features) {
    Matrix matrix = new Matrix();
    for (Peer peer : Peer.values()) {
      Map<Feature, CompletableFuture<Result>> column = new EnumMap<>(Feature.class);
      for (Feature feature : Feature.values()) {
        column.put(
            feature,
            peers.contains(peer) && features.contains(feature)
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(new Result.NotRun()));
      }
      matrix.cells.put(peer, column);
      Thread _ =
          Thread.ofPlatform()
              .name("cells of " + peer.title())
              .daemon()
              .start(() -> column.forEach((feature, cell) -> matrix.run(peer, feature, cell)));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(matrix::closeAll, "cells that are open"));
    return matrix;
  }

  private void run(Peer peer, Feature feature, CompletableFuture<Result> result) {
    if (!result.isDone()) {
      result.complete(result(peer, feature));
    }
  }

  private Result result(Peer peer, Feature feature) {
    long start = System.nanoTime();
    Result result = tried(peer, feature);
    System.out.printf(
        "%5.1f s  %s: %s: %s%n",
        (System.nanoTime() - start) / 1e9, peer.title(), feature.title(), result);
    return result;
  }

  private Result tried(Peer peer, Feature feature) {
    try (Cell cell = new Cell(peer)) {
      open.add(cell);
      try {
        feature.run(cell);
        return new Result.Works();
      } catch (NotApplicable e) {
        return new Result.Cannot(e.reason());
      } finally {
        open.remove(cell);
      }
    } catch (Exception | AssertionError e) {
      return new Result.Failed(e);
    }
  }

  /** When the process is ended meanwhile, nothing stays. */
  private void closeAll() {
    for (Cell cell : open) {
      try {
        cell.close();
      } catch (IOException | RuntimeException e) {
        System.err.println("cannot clean up after " + cell.peer().title() + ": " + e);
      }
    }
  }

  CompletableFuture<Result> cell(Feature feature, Peer peer) {
    return cells
        .getOrDefault(peer, Map.of())
        .getOrDefault(feature, CompletableFuture.completedFuture(new Result.NotRun()));
  }
}
