package io.ocicat.rtnetlink;

/** Constants of {@code linux/if_link.h}, {@code linux/if.h}, {@code linux/veth.h}. */
public final class LinuxIfLink {

  public static final int IFLA_ADDRESS = 1;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_MTU = 4;
  public static final int IFLA_LINK = 5;
  public static final int IFLA_MASTER = 10;
  public static final int IFLA_LINKINFO = 18;
  public static final int IFLA_IFALIAS = 20;
  public static final int IFLA_AF_SPEC = 26;
  public static final int IFLA_GROUP = 27;
  public static final int IFLA_NET_NS_FD = 28;
  public static final int IFLA_EXT_MASK = 29;
  public static final int IFLA_LINK_NETNSID = 37;

  public static final int IFLA_INFO_KIND = 1;
  public static final int IFLA_INFO_DATA = 2;
  public static final int VETH_INFO_PEER = 1;

  public static final int IFLA_INET_CONF = 1;
  public static final int IFLA_INET6_ADDR_GEN_MODE = 8;
  public static final int IN6_ADDR_GEN_MODE_EUI64 = 0;
  public static final int IN6_ADDR_GEN_MODE_NONE = 1;

  public static final int IFF_UP = 1;
  public static final int IFF_LOOPBACK = 8;
  public static final int IFF_RUNNING = 0x40;
  public static final int IFF_LOWER_UP = 0x10000;

  private LinuxIfLink() {}
}
