package io.ocicat.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.libc.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel's routes and those in memory have in common. */
abstract class RouteTableContract {

  private static final int PROTOCOL = 79;
  private static final int OTHER_PROTOCOL = 80;
  private static final Cidr DESTINATION = Cidr.parse("10.1.0.0/26");

  /** An empty table. */
  abstract RouteTable table();

  private static RouteMessage blackhole(int priority, int protocol) {
    return RouteMessage.blackhole(DESTINATION, priority, protocol);
  }

  private Errno refusal(RouteTable.Change change) {
    return switch (table().apply(List.of(change)).getFirst()) {
      case RouteTable.Outcome.Done _ -> new Errno(0);
      case RouteTable.Outcome.Failed(RouteTable.Change _, var cause) -> cause.errno();
    };
  }

  @Test
  void returnsOnlyRoutesOfTheProtocolAskedFor() {
    table().apply(List.of(new RouteTable.Change.Add(blackhole(1, PROTOCOL))));
    table().apply(List.of(new RouteTable.Change.Add(blackhole(2, OTHER_PROTOCOL))));
    assertThat(table().routes(PROTOCOL))
        .singleElement()
        .satisfies(route -> assertThat(route.destination()).isEqualTo(DESTINATION))
        .satisfies(route -> assertThat(route.type()).isEqualTo(RouteType.BLACKHOLE));
  }

  @Test
  void addsOneRouteForEachDestinationAndMetric() {
    assertThat(refusal(new RouteTable.Change.Add(blackhole(1, PROTOCOL)))).isEqualTo(new Errno(0));
    assertThat(refusal(new RouteTable.Change.Add(blackhole(1, PROTOCOL)))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(new RouteTable.Change.Add(blackhole(2, PROTOCOL)))).isEqualTo(new Errno(0));
    assertThat(table().routes(PROTOCOL)).hasSize(2);
  }

  @Test
  void replacesTheRouteOfThatDestinationAndMetric() {
    table().apply(List.of(new RouteTable.Change.Add(blackhole(1, OTHER_PROTOCOL))));
    assertThat(refusal(new RouteTable.Change.Replace(blackhole(1, PROTOCOL))))
        .isEqualTo(new Errno(0));
    assertThat(table().routes(PROTOCOL)).hasSize(1);
    assertThat(table().routes(OTHER_PROTOCOL)).isEmpty();
  }

  @Test
  void doesNotDeleteAnothersRoute() {
    table().apply(List.of(new RouteTable.Change.Add(blackhole(1, OTHER_PROTOCOL))));
    assertThat(refusal(new RouteTable.Change.Delete(blackhole(1, PROTOCOL))))
        .isEqualTo(Errno.ESRCH);
    assertThat(table().routes(OTHER_PROTOCOL)).hasSize(1);
  }

  @Test
  void goesOnAfterAChangeThatFailed() {
    List<RouteTable.Outcome> outcomes =
        table()
            .apply(
                List.of(
                    new RouteTable.Change.Delete(blackhole(1, PROTOCOL)),
                    new RouteTable.Change.Add(blackhole(1, PROTOCOL))));
    assertThat(outcomes.get(0)).isInstanceOf(RouteTable.Outcome.Failed.class);
    assertThat(outcomes.get(1)).isInstanceOf(RouteTable.Outcome.Done.class);
  }
}
