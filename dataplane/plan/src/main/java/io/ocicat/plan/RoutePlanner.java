package io.ocicat.plan;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Derives routes and kernel parameters from pods and blocks. */
public final class RoutePlanner {

  private RoutePlanner() {}

  /**
   * The node's routes, one for each destination, by destination. Where two would have the same one,
   * a pod's goes before a blackhole, and what is here before what is remote.
   *
   * @param pods pods of this node
   * @param ownBlocks blocks leased to this node
   * @param remoteBlocks other nodes' blocks, with the node's address of the block's family
   */
  public static List<DesiredRoute> routes(
      Collection<PodLink> pods, Collection<Cidr> ownBlocks, Map<Cidr, IpAddress> remoteBlocks) {
    SortedMap<Cidr, DesiredRoute> routes = new TreeMap<>();
    remoteBlocks.forEach((block, node) -> routes.put(block, new DesiredRoute.ViaNode(block, node)));
    for (Cidr block : ownBlocks) {
      routes.put(block, new DesiredRoute.Blackhole(block));
    }
    for (PodLink pod : pods) {
      for (IpAddress address : pod.addresses()) {
        Cidr host = address.toHostCidr();
        routes.put(host, new DesiredRoute.ToPod(host, pod.hostInterface()));
      }
    }
    return List.copyOf(routes.values());
  }

  /**
   * The node's kernel parameters: forwarding for the families in use, and for each pod's link what
   * {@link #linkSysctls} says.
   */
  public static List<Sysctl> sysctls(Collection<PodLink> pods, Collection<IpFamily> families) {
    List<Sysctl> sysctls = new ArrayList<>();
    if (families.contains(IpFamily.IPV4)) {
      sysctls.add(new Sysctl("net/ipv4/ip_forward", "1"));
    }
    if (families.contains(IpFamily.IPV6)) {
      sysctls.add(new Sysctl("net/ipv6/conf/all/forwarding", "1"));
    }
    for (PodLink pod : pods) {
      sysctls.addAll(linkSysctls(pod));
    }
    return List.copyOf(sysctls);
  }

  /**
   * What the node's end of a pod's link needs: it forwards, answers ARP for the gateway address,
   * drops packets whose source is not the pod's, and believes no router advertisement of a pod.
   */
  public static List<Sysctl> linkSysctls(PodLink pod) {
    List<Sysctl> sysctls = new ArrayList<>();
    boolean v4 = pod.addresses().stream().anyMatch(a -> a.family() == IpFamily.IPV4);
    boolean v6 = pod.addresses().stream().anyMatch(a -> a.family() == IpFamily.IPV6);
    if (v4) {
      String conf = "net/ipv4/conf/" + pod.hostInterface() + "/";
      sysctls.add(new Sysctl(conf + "forwarding", "1"));
      sysctls.add(new Sysctl(conf + "proxy_arp", "1"));
      sysctls.add(new Sysctl(conf + "rp_filter", "1"));
    }
    if (v6) {
      String conf = "net/ipv6/conf/" + pod.hostInterface() + "/";
      sysctls.add(new Sysctl(conf + "forwarding", "1"));
      sysctls.add(new Sysctl(conf + "accept_ra", "0"));
    }
    return List.copyOf(sysctls);
  }
}
