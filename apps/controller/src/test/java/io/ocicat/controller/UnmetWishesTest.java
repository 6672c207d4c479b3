package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.sync.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnmetWishesTest {

  private static final Notice.Unfulfilled PASSWORD =
      new Notice.Unfulfilled("BGPPeer/rack", "spec.password", "waits");
  private static final Notice.Unfulfilled FILTER =
      new Notice.Unfulfilled("BGPPeer/rack", "spec.filters[0]", "is not there");
  private static final Notice.Unmet NOTHING = new Notice.Unmet(List.of());

  private final UnmetWishes wishes = new UnmetWishes();

  @Test
  void whatManyNodesSayIsToldOnce() {
    assertThat(wishes.say("n1", unmet(PASSWORD))).containsExactly(PASSWORD);
    assertThat(wishes.say("n1", unmet(PASSWORD))).isEmpty();
    assertThat(wishes.say("n2", unmet(PASSWORD, FILTER))).containsExactly(FILTER);
  }

  @Test
  void itIsToldAnewOnceNobodyHasSaidItForAWhile() {
    assertThat(wishes.say("n1", unmet(PASSWORD))).hasSize(1);
    assertThat(wishes.say("n2", unmet(PASSWORD))).isEmpty();
    assertThat(wishes.say("n1", NOTHING)).isEmpty();
    assertThat(wishes.say("n1", unmet(PASSWORD))).isEmpty();
    assertThat(wishes.say("n1", NOTHING)).isEmpty();
    wishes.forget("n2");
    assertThat(wishes.say("n3", unmet(PASSWORD))).containsExactly(PASSWORD);
  }

  private static Notice.Unmet unmet(Notice.Unfulfilled... all) {
    return new Notice.Unmet(List.of(all));
  }
}
