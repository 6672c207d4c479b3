package io.ocicat.routers.matrix;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a router is to speak: which AS it and we are of, and what else is wanted of the session.
 *
 * @param as its own
 * @param ourAs ours
 */
record Task(long as, long ourAs, Map<Knob, String> knobs) {

  /** What can be wanted; most are wanted or not and have no value. */
  enum Knob {
    /** TCP MD5's key. */
    PASSWORD,
    TTL_SECURITY,
    /** Many paths of a prefix, both ways. */
    ADD_PATH,
    /** 100 ms, three times. */
    BFD,
    /** Its own role, RFC 9234. */
    ROLE,
    /** We, and the speakers beside us, are its clients. */
    REFLECTS,
    /** How many prefixes it takes. */
    LIMIT,
    /** The session is between IPv6 addresses and has IPv4 routes too. */
    IPV6,
    EXTENDED_MESSAGES,
    /** How many speakers of ours stand beside us, see {@link #neighbours()}. */
    SIDES,
    /** How many routes it has, beside the two. */
    MANY,
    /** No addresses but those that the kernel gave. */
    UNNUMBERED,
    /** It has restarted and knows. */
    RESTARTED,
    /** A route with attributes that are longer than 4096 octets. */
    LONG
  }

  /** A neighbour of the router. */
  record Neighbour(String address, long as) {}

  private static final int FIRST_SIDE = 3;

  Task {
    knobs = Map.copyOf(knobs);
  }

  static Task external() {
    return new Task(65002, 65001, Map.of());
  }

  static Task internal() {
    return new Task(65001, 65001, Map.of());
  }

  Task with(Knob knob) {
    return with(knob, "yes");
  }

  Task with(Knob knob, String value) {
    Map<Knob, String> more = new EnumMap<>(Knob.class);
    more.putAll(knobs);
    more.put(knob, value);
    return new Task(as, ourAs, more);
  }

  boolean has(Knob knob) {
    return knobs.containsKey(knob);
  }

  String value(Knob knob) {
    return knobs.getOrDefault(knob, "");
  }

  int number(Knob knob) {
    return has(knob) ? Integer.parseInt(value(knob)) : 0;
  }

  /** The line, with the value in place of %s, where that is wanted; otherwise nothing. */
  String line(Knob knob, String format) {
    return has(knob) ? format.formatted(value(knob)) : "";
  }

  boolean isInternal() {
    return as == ourAs;
  }

  /** We at .1, and the speakers beside us from .3 on, each of an AS of its own or all of ours. */
  List<Neighbour> neighbours() {
    List<Neighbour> all = new ArrayList<>();
    all.add(new Neighbour(has(Knob.IPV6) ? "fd98::1" : "10.98.0.1", ourAs));
    for (int i = FIRST_SIDE; i < FIRST_SIDE + number(Knob.SIDES); i++) {
      all.add(new Neighbour("10.98.0." + i, isInternal() ? ourAs : 65000 + i));
    }
    return all;
  }

  /** Prefixes that {@link Knob#MANY} stands for. */
  List<String> many() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < number(Knob.MANY); i++) {
      all.add("10.22." + i + ".0/24");
    }
    return all;
  }
}
