package io.ocicat.cni;

import java.util.List;
import java.util.Optional;

/** The verbs. */
public enum CniCommand {
  ADD,
  DEL,
  CHECK,
  GC,
  STATUS,
  VERSION;

  public static Optional<CniCommand> of(String text) {
    for (CniCommand command : values()) {
      if (command.name().equals(text)) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  /** The variables that libcni's skeleton requires, beside {@code CNI_COMMAND}. */
  public List<String> requiredVariables() {
    return switch (this) {
      case ADD, CHECK -> List.of("CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH");
      case DEL -> List.of("CNI_CONTAINERID", "CNI_IFNAME", "CNI_PATH");
      case GC, STATUS -> List.of("CNI_PATH");
      case VERSION -> List.of();
    };
  }
}
