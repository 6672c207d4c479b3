package io.ocicat.routers.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Our speaker and the routers of others: a test a cell, and docs/interop.md is what came of them.
 *
 * <p>{@code -Dinterop.peers=BIRD,FRR} and {@code -Dinterop.features=MD5} run some alone, and leave
 * the page as it is; {@code -Docicat.generate=true} writes it.
 */
class BgpMatrixIT {

  private static final Path PAGE = Path.of("../../docs/interop.md");
  private static final long LONGEST_MINUTES = 8;

  @TestFactory
  Stream<DynamicNode> cells() {
    Set<Peer> peers = chosen(Peer.class, "interop.peers");
    Set<Feature> features = chosen(Feature.class, "interop.features");
    Matrix matrix = Matrix.start(peers, features);
    Stream<DynamicNode> rows =
        features.stream()
            .map(
                feature ->
                    dynamicContainer(
                        feature.title(),
                        peers.stream()
                            .map(
                                peer ->
                                    dynamicTest(
                                        peer.title(), () -> passed(matrix, feature, peer)))));
    boolean all =
        peers.size() == Peer.values().length && features.size() == Feature.values().length;
    return all
        ? Stream.concat(
            rows, Stream.of(dynamicTest("the page tells what came of them", () -> page(matrix))))
        : rows;
  }

  private static <E extends Enum<E>> Set<E> chosen(Class<E> of, String property) {
    String names = System.getProperty(property, "");
    return names.isEmpty()
        ? EnumSet.allOf(of)
        : Arrays.stream(names.split(","))
            .map(name -> Enum.valueOf(of, name))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(of)));
  }

  private static void passed(Matrix matrix, Feature feature, Peer peer) throws Exception {
    Result result = matrix.cell(feature, peer).get(LONGEST_MINUTES, TimeUnit.MINUTES);
    if (result instanceof Result.Failed(Throwable cause)) {
      throw new AssertionError(feature.title() + ", " + peer.title(), cause);
    }
    assertThat(result).isNotInstanceOf(Result.NotRun.class);
  }

  private static void page(Matrix matrix) throws IOException {
    String made = Page.of((feature, peer) -> matrix.cell(feature, peer).join());
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("interop.md"), made);
    if (Boolean.getBoolean("ocicat.generate")) {
      Files.writeString(PAGE, made);
    }
    assertThat(PAGE)
        .as("made anew by -Docicat.generate=true, and found in target/interop.md")
        .content()
        .isEqualTo(made);
  }
}
