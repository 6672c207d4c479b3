package io.ocicat.agent;

import io.ocicat.agent.AgentConfig.Controllers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controllers one after the other, round and round. For one attempt to connect at a time. */
final class ControllerList {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerList.class);

  private final Controllers config;
  private int next;
  private int tried;

  ControllerList(Controllers config) {
    this.config = config;
  }

  /** Whose turn it is; empty if none is known yet. */
  Optional<InetSocketAddress> current() {
    List<InetSocketAddress> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(next % all.size()));
  }

  /**
   * The current one does not serve: the next one's turn.
   *
   * @return whether there was one that has not been tried; if not, all of them may be tried anew
   */
  boolean advance() {
    next = next == Integer.MAX_VALUE ? 0 : next + 1;
    tried++;
    if (tried < all().size()) {
      return true;
    }
    tried = 0;
    return false;
  }

  /** The current one serves. */
  void served() {
    tried = 0;
  }

  /** The ports at which they listen. */
  Set<Integer> ports() {
    return all().stream().map(InetSocketAddress::getPort).collect(Collectors.toSet());
  }

  private List<InetSocketAddress> all() {
    List<InetSocketAddress> all = new ArrayList<>(config.fixed());
    config
        .file()
        .filter(Files::exists)
        .ifPresent(
            file -> {
              try {
                for (String line : Files.readAllLines(file)) {
                  String text = line.strip().split("\\s+", 2)[0];
                  if (!text.isEmpty() && !text.startsWith("#")) {
                    HostPort.parse(text)
                        .ifPresentOrElse(
                            all::add, () -> LOG.warn("{}: '{}' is not host:port", file, text));
                  }
                }
              } catch (IOException e) {
                LOG.warn("cannot read the list of controllers {}: {}", file, e.toString());
              }
            });
    return all;
  }
}
