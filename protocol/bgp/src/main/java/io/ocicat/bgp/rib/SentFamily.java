package io.ocicat.bgp.rib;

/**
 * How a group is sent a family.
 *
 * @param paths as {@link FamilyTraits#sendPaths}
 * @param extendedNextHop as {@link FamilyTraits#extendedNextHop}
 */
record SentFamily(int paths, boolean extendedNextHop) {}
