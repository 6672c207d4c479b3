package io.ocicat.cni;

/**
 * The pod's network namespace.
 *
 * @param path {@code CNI_NETNS}, as the runtime and results name it; empty if it was not given
 * @param heldPath where the calling executable holds it open during the call, {@code
 *     /proc/<pid>/fd/<fd>}: good also for an agent that sees other mounts; empty if it holds none
 * @param inode of the namespace as the executable saw it, 0 if unknown; tells whether a path leads
 *     to the same one
 */
public record NetnsReference(String path, String heldPath, long inode) {}
