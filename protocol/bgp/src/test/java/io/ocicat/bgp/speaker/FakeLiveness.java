package io.ocicat.bgp.speaker;

import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Says of neighbours what a test wants it to say. */
final class FakeLiveness implements Liveness {

  final List<Target> watched = new ArrayList<>();
  final List<BfdSettings> settings = new ArrayList<>();
  private final List<Consumer<Verdict>> listeners = new ArrayList<>();

  @Override
  public Watch watch(Target target, BfdSettings first, Consumer<Verdict> told) {
    watched.add(target);
    settings.add(first);
    listeners.add(told);
    return new Watch() {
      @Override
      public void change(BfdSettings now) {
        settings.set(watched.indexOf(target), now);
      }

      @Override
      public void close() {
        int index = watched.indexOf(target);
        watched.remove(index);
        settings.remove(index);
        listeners.remove(index);
      }
    };
  }

  void say(State state) {
    say(new Verdict(state, "said by the test", false));
  }

  void say(Verdict verdict) {
    List.copyOf(listeners).forEach(listener -> listener.accept(verdict));
  }
}
