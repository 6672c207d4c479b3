package io.ocicat.bgp.rib;

import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A route as a plain value, for the model. -1 stands for an attribute that is not there.
 *
 * @param originator 0: none
 */
record ModelRoute(
    int origin,
    List<Long> asPath,
    IpAddress nextHop,
    long med,
    long localPref,
    TreeSet<Integer> communities,
    int originator,
    List<Integer> clusters) {
  ModelRoute {
    asPath = List.copyOf(asPath);
    communities = new TreeSet<>(communities);
    clusters = List.copyOf(clusters);
  }

  ModelRoute prepend(long as) {
    List<Long> longer = new ArrayList<>(asPath);
    longer.addFirst(as);
    return new ModelRoute(
        origin, longer, nextHop, med, localPref, communities, originator, clusters);
  }

  ModelRoute localPref(long v) {
    return new ModelRoute(origin, asPath, nextHop, med, v, communities, originator, clusters);
  }

  ModelRoute med(long v) {
    return new ModelRoute(origin, asPath, nextHop, v, localPref, communities, originator, clusters);
  }

  ModelRoute nextHop(IpAddress v) {
    return new ModelRoute(origin, asPath, v, med, localPref, communities, originator, clusters);
  }

  ModelRoute community(int v) {
    TreeSet<Integer> more = new TreeSet<>(communities);
    more.add(v);
    return new ModelRoute(origin, asPath, nextHop, med, localPref, more, originator, clusters);
  }

  ModelRoute originator(int v) {
    return new ModelRoute(origin, asPath, nextHop, med, localPref, communities, v, clusters);
  }

  ModelRoute cluster(int v) {
    List<Integer> longer = new ArrayList<>(clusters);
    longer.addFirst(v);
    return new ModelRoute(origin, asPath, nextHop, med, localPref, communities, originator, longer);
  }

  ModelRoute withoutReflection() {
    return new ModelRoute(origin, asPath, nextHop, med, localPref, communities, 0, List.of());
  }
}
