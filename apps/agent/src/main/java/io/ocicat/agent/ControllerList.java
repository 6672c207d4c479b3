package io.ocicat.agent;

import io.ocicat.agent.AgentConfig.Controllers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controllers one after the other, round and round. For one thread. */
final class ControllerList {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerList.class);

  private final Controllers config;
  private int next;

  ControllerList(Controllers config) {
    this.config = config;
  }

  /** Whose turn it is; empty if none is known yet. */
  Optional<InetSocketAddress> current() {
    List<InetSocketAddress> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(next % all.size()));
  }

  /** The current one does not serve: the next one's turn. */
  void advance() {
    next = next == Integer.MAX_VALUE ? 0 : next + 1;
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
