package io.ocicat.bgp.decision;

/**
 * What may be chosen about choosing.
 *
 * @param alwaysCompareMed compare MULTI_EXIT_DISC also between different neighbouring ASes
 * @param missingMedIsWorst a path without MULTI_EXIT_DISC is the worst, not the best (RFC 4271: 0)
 * @param keepCurrentExternal RFC 5004: an external path in use stays against an equal one. Quieter,
 *     but what is best then depends on what came first
 * @param externalPaths how many equal external paths are used together, at least 1
 * @param internalPaths how many equal internal paths are used together, at least 1
 * @param defaultLocalPref LOCAL_PREF of a path that carries none
 */
public record DecisionSettings(
    boolean alwaysCompareMed,
    boolean missingMedIsWorst,
    boolean keepCurrentExternal,
    int externalPaths,
    int internalPaths,
    long defaultLocalPref) {
  /** BIRD's and Calico's: eight equal paths, LOCAL_PREF 100, nothing that depends on history. */
  public static final DecisionSettings DEFAULT =
      new DecisionSettings(false, false, false, 8, 8, 100);

  public DecisionSettings {
    if (externalPaths < 1 || internalPaths < 1) {
      throw new IllegalArgumentException(
          "at least one path is used: "
              + externalPaths
              + " external, "
              + internalPaths
              + " internal");
    }
  }
}
