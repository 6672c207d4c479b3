package io.ocicat.bfd;

/** Why a session left Up last, RFC 5880 section 4.1; the number space is IANA's. */
public enum BfdDiagnostic {
  NONE(0, "no diagnostic"),
  DETECTION_TIME_EXPIRED(1, "control detection time expired"),
  ECHO_FAILED(2, "echo function failed"),
  NEIGHBOR_SIGNALED_DOWN(3, "neighbor signaled session down"),
  FORWARDING_PLANE_RESET(4, "forwarding plane reset"),
  PATH_DOWN(5, "path down"),
  CONCATENATED_PATH_DOWN(6, "concatenated path down"),
  ADMINISTRATIVELY_DOWN(7, "administratively down"),
  REVERSE_CONCATENATED_PATH_DOWN(8, "reverse concatenated path down"),
  /** RFC 6428; no part of what is spoken here. */
  MIS_CONNECTIVITY(9, "mis-connectivity defect"),
  /** Any number that IANA has not given a meaning. */
  UNKNOWN(10, "a reason that we do not know");

  private final int code;
  private final String text;

  BfdDiagnostic(int code, String text) {
    this.code = code;
    this.text = text;
  }

  int code() {
    return code;
  }

  static BfdDiagnostic of(int code) {
    for (BfdDiagnostic each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    return UNKNOWN;
  }

  @Override
  public String toString() {
    return text;
  }
}
