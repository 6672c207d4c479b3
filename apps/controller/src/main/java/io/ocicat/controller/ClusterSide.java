package io.ocicat.controller;

import io.ocicat.controller.reports.NodeDocuments;
import io.ocicat.controller.reports.NodeReports;
import io.ocicat.controller.reports.PodReports;
import io.ocicat.store.Store;

/**
 * What the cluster at large does for a controller, beside the store.
 *
 * @param nodes is told how nodes are
 * @param pods is told what was wired for pods
 * @param troubles is told why pods could not be added
 * @param notices is told what agents notice
 * @param lookup finds pods of which the store has not heard
 * @param blocks where nodes' blocks come from
 * @param podObjects whether every pod has a Pod object, and its labels are there and nowhere else
 * @param namespace of the program, in which passwords of BGP sessions are Secrets
 */
public record ClusterSide(
    NodeReports nodes,
    PodReports pods,
    PodTroubles troubles,
    Notices notices,
    PodLookup lookup,
    Blocks blocks,
    boolean podObjects,
    String namespace) {

  /** The namespace of the program where nobody has put it elsewhere. */
  public static final String USUAL_NAMESPACE = "kube-system";

  /** Where nodes' blocks come from. */
  public enum Blocks {
    /** From IPPools, leased as nodes need them. */
    LEASED,
    /** They are the podCIDRs of the Node objects, and there are no others. */
    POD_CIDRS
  }

  /** Of a cluster whose store is all there is: reports become documents of it. */
  public static ClusterSide alone(Store store, DocumentStamp stamp) {
    return alone(store, stamp, PodTroubles.LOGGED, Notices.LOGGED);
  }

  /** The same, and people are told. */
  public static ClusterSide alone(
      Store store, DocumentStamp stamp, PodTroubles troubles, Notices notices) {
    return new ClusterSide(
        new NodeDocuments(store, stamp),
        PodReports.NONE,
        troubles,
        notices,
        PodLookup.NONE,
        Blocks.LEASED,
        false,
        USUAL_NAMESPACE);
  }
}
