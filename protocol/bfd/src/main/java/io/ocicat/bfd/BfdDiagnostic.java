package io.ocicat.bfd;

/** Why a session left Up last, RFC 5880 section 4.1; the number space is IANA's. */
public enum BfdDiagnostic {
  NONE("no diagnostic"),
  DETECTION_TIME_EXPIRED("control detection time expired"),
  ECHO_FAILED("echo function failed"),
  NEIGHBOR_SIGNALED_DOWN("neighbor signaled session down"),
  FORWARDING_PLANE_RESET("forwarding plane reset"),
  PATH_DOWN("path down"),
  CONCATENATED_PATH_DOWN("concatenated path down"),
  ADMINISTRATIVELY_DOWN("administratively down"),
  REVERSE_CONCATENATED_PATH_DOWN("reverse concatenated path down"),
  /** RFC 6428; no part of what is spoken here. */
  MIS_CONNECTIVITY("mis-connectivity defect"),
  /** Any number that IANA has not given a meaning. */
  UNKNOWN("a reason that we do not know");

  private final String text;

  BfdDiagnostic(String text) {
    this.text = text;
  }

  int code() {
    return ordinal();
  }

  static BfdDiagnostic of(int code) {
    return code < UNKNOWN.ordinal() ? values()[code] : UNKNOWN;
  }

  @Override
  public String toString() {
    return text;
  }
}
