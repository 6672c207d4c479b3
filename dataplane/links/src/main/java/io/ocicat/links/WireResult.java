package io.ocicat.links;

import io.ocicat.inet.MacAddress;

/** What became of a request to wire a pod. After a refusal nothing is left of it. */
public sealed interface WireResult {

  /** The link is up at both ends, with addresses and routes. */
  record Wired(String hostInterface, MacAddress hostMac, MacAddress podMac) implements WireResult {}

  /** There is no network namespace at the path. */
  record NamespaceGone(String netns) implements WireResult {
    public String message() {
      return "there is no network namespace at %s; the sandbox may be gone already"
          .formatted(netns);
    }
  }

  /** The pod has an interface of that name already, which is not ours to take away. */
  record InterfaceTaken(String ifname, String netns) implements WireResult {
    public String message() {
      return "interface %s exists already in %s; choose another name or remove it"
          .formatted(ifname, netns);
    }
  }
}
