package io.ocicat.controller.fanout;

import io.ocicat.sync.AgentService.DeltaSink;
import java.util.HashSet;
import java.util.Set;

/** One agent's stream and where it stands. Owned by {@link Fanout}. */
public final class Session {

  final String node;
  final DeltaSink sink;

  /** Groups subscribed to. */
  final Set<String> groups = new HashSet<>();

  /** Those of them that are owed in full. */
  final Set<String> owed = new HashSet<>();

  String version = "";
  boolean greeted;

  /** Nothing that this controller sent is known to have arrived: everything is owed. */
  boolean blank = true;

  /** There may be something between {@link #position} and now that it has not been sent. */
  boolean behind;

  /** The generation last sent. */
  long position;

  Session(String node, DeltaSink sink) {
    this.node = node;
    this.sink = sink;
  }

  public String node() {
    return node;
  }

  /** What the agent calls its program. */
  public String version() {
    return version;
  }
}
