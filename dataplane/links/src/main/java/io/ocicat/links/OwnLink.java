package io.ocicat.links;

import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.LinkMessage;
import java.util.List;
import java.util.Optional;

/**
 * A link in the kernel that is ours, and whose it is.
 *
 * @param pod the pod's name; shortened if the alias had no room for it
 */
public record OwnLink(
    LinkMessage link, String namespace, String pod, String containerId, String ifname) {

  private static final int PARTS = 4;

  /** Reads the alias; empty if the link is not ours. */
  public static Optional<OwnLink> of(LinkMessage link) {
    if (!link.name().startsWith(PodLink.HOST_INTERFACE_PREFIX)
        || !link.alias().startsWith(PodLink.ALIAS_PREFIX)) {
      return Optional.empty();
    }
    List<String> parts =
        List.of(link.alias().substring(PodLink.ALIAS_PREFIX.length()).split("/", -1));
    if (parts.size() != PARTS) {
      return Optional.empty();
    }
    return Optional.of(new OwnLink(link, parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
  }
}
