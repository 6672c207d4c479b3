package io.ocicat.cni;

/** What names one attachment on a node: the container and the interface in it. */
public record AttachmentKey(String containerId, String ifName)
    implements Comparable<AttachmentKey> {

  @Override
  public int compareTo(AttachmentKey other) {
    int byContainer = containerId.compareTo(other.containerId);
    return byContainer != 0 ? byContainer : ifName.compareTo(other.ifName);
  }

  @Override
  public String toString() {
    return containerId + "/" + ifName;
  }
}
