package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP statistics types; gauges and those per family are 64 bits wide.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#statistics-types">IANA</a>
 */
public enum BmpStatistic {
  REJECTED_BY_POLICY(
      0, "Number of prefixes rejected by inbound policy", "RFC 7854 §4.8", Support.IMPLEMENTED),
  DUPLICATE_ADVERTISEMENTS(
      1, "Number of (known) duplicate prefix advertisements", "RFC 7854 §4.8", Support.IMPLEMENTED),
  DUPLICATE_WITHDRAWS(
      2, "Number of (known) duplicate withdraws", "RFC 7854 §4.8", Support.IMPLEMENTED),
  CLUSTER_LIST_LOOPS(
      3,
      "Number of updates invalidated due to CLUSTER_LIST loop",
      "RFC 7854 §4.8",
      Support.IMPLEMENTED),
  AS_PATH_LOOPS(
      4, "Number of updates invalidated due to AS_PATH loop", "RFC 7854 §4.8", Support.IMPLEMENTED),
  ORIGINATOR_ID_LOOPS(
      5,
      "Number of updates invalidated due to ORIGINATOR_ID",
      "RFC 7854 §4.8",
      Support.IMPLEMENTED),
  CONFEDERATION_LOOPS(
      6,
      "Number of updates invalidated due to a loop found in AS_CONFED_SEQUENCE or AS_CONFED_SET",
      "RFC 7854 §4.8",
      Support.IMPLEMENTED),
  ADJ_RIB_IN_ROUTES(7, "Number of routes in Adj-RIBs-In", "RFC 7854 §4.8", Support.IMPLEMENTED),
  LOC_RIB_ROUTES(8, "Number of routes in Loc-RIB", "RFC 7854 §4.8", Support.IMPLEMENTED),
  ADJ_RIB_IN_ROUTES_OF_FAMILY(
      9, "Number of routes in per-AFI/SAFI Adj-RIB-In", "RFC 7854 §4.8", Support.IMPLEMENTED),
  LOC_RIB_ROUTES_OF_FAMILY(
      10, "Number of routes in per-AFI/SAFI Loc-RIB", "RFC 7854 §4.8", Support.IMPLEMENTED),
  UPDATES_TREATED_AS_WITHDRAW(
      11, "Number of updates subjected to treat-as-withdraw", "RFC 7854 §4.8", Support.IMPLEMENTED),
  PREFIXES_TREATED_AS_WITHDRAW(
      12,
      "Number of prefixes subjected to treat-as-withdraw",
      "RFC 7854 §4.8",
      Support.IMPLEMENTED),
  DUPLICATE_UPDATES(
      13, "Number of duplicate update messages received", "RFC 7854 §4.8", Support.IMPLEMENTED),
  PRE_POLICY_ADJ_RIB_OUT_ROUTES(
      14, "Number of routes in pre-policy Adj-RIB-Out", "RFC 8671 §6.2", Support.IMPLEMENTED),
  POST_POLICY_ADJ_RIB_OUT_ROUTES(
      15, "Number of routes in post-policy Adj-RIB-Out", "RFC 8671 §6.2", Support.IMPLEMENTED),
  PRE_POLICY_ADJ_RIB_OUT_ROUTES_OF_FAMILY(
      16,
      "Number of routes in per-AFI/SAFI pre-policy Adj-RIB-Out",
      "RFC 8671 §6.2",
      Support.IMPLEMENTED),
  POST_POLICY_ADJ_RIB_OUT_ROUTES_OF_FAMILY(
      17,
      "Number of routes in per-AFI/SAFI post-policy Adj-RIB-Out",
      "RFC 8671 §6.2",
      Support.IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpStatistic(int code, String text, String reference, Support support) {
    this.code = code;
    this.text = text;
    this.reference = reference;
    this.support = support;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The registry's name of it. */
  public String text() {
    return text;
  }

  /** The document that defines it. */
  public String reference() {
    return reference;
  }

  public Support support() {
    return support;
  }

  public static Optional<BmpStatistic> of(int code) {
    for (BmpStatistic entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
