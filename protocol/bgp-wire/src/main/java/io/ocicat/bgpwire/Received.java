package io.ocicat.bgpwire;

import java.util.Optional;
import java.util.function.Function;

/** What became of octets that a peer sent: a message, or the NOTIFICATION to answer with. */
public sealed interface Received<T> {

  record Good<T>(T value) implements Received<T> {}

  record Bad<T>(Notification notification) implements Received<T> {}

  default Optional<T> toOptional() {
    return switch (this) {
      case Good<T>(T value) -> Optional.of(value);
      case Bad<T> _ -> Optional.empty();
    };
  }

  default <U> Received<U> map(Function<T, U> function) {
    return switch (this) {
      case Good<T>(T value) -> new Good<>(function.apply(value));
      case Bad<T>(Notification notification) -> new Bad<>(notification);
    };
  }
}
