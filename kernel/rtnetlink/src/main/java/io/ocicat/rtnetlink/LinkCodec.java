package io.ocicat.rtnetlink;

import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_ADDRESS;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_AF_SPEC;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_EXT_MASK;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_GROUP;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_IFALIAS;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_IFNAME;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_INET6_ADDR_GEN_MODE;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_INET_CONF;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_INFO_DATA;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_INFO_KIND;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_LINK;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_LINKINFO;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_LINK_NETNSID;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_MASTER;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_MTU;
import static io.ocicat.rtnetlink.LinuxIfLink.IFLA_NET_NS_FD;
import static io.ocicat.rtnetlink.LinuxIfLink.VETH_INFO_PEER;

import io.ocicat.inet.MacAddress;
import io.ocicat.libc.CStruct;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Requests about links, and links read from messages. */
public final class LinkCodec {

  public static final CStruct STRUCT =
      CStruct.of("ifinfomsg", "linux/rtnetlink.h")
          .u8("ifi_family")
          .u8("__ifi_pad")
          .u16("ifi_type")
          .u32("ifi_index")
          .u32("ifi_flags")
          .u32("ifi_change")
          .build();

  private LinkCodec() {}

  /** A link to be made. */
  public record NamedLink(String name, LinkSettings settings) {}

  /**
   * A pair of virtual Ethernet devices. Settings may hold MTU, address and group; an end cannot be
   * made up, since its peer is not there yet.
   *
   * @param peerNamespace where the peer is made; it must stay open until the request is executed
   */
  public static NlRequest newVeth(NamedLink end, NamedLink peer, Fd peerNamespace) {
    AttributeWriter body = named(end);
    body.nested(
        IFLA_LINKINFO,
        info ->
            info.string(IFLA_INFO_KIND, "veth")
                .nested(
                    IFLA_INFO_DATA,
                    data ->
                        data.nested(
                            VETH_INFO_PEER,
                            header(0, peer.settings),
                            inner -> {
                              inner.string(IFLA_IFNAME, peer.name);
                              inner.u32(IFLA_NET_NS_FD, peerNamespace.value());
                              settings(inner, peer.settings);
                            })));
    String operation = "add link %s with peer %s".formatted(end.name, peer.name);
    return new NlRequest(
        operation, LinuxRtnetlink.RTM_NEWLINK, NlFlags.CREATE | NlFlags.EXCL, body);
  }

  /**
   * A device of a kind that needs no more than its name.
   *
   * @param kind for example {@code bridge} or {@code dummy}
   */
  public static NlRequest newLink(String kind, NamedLink end) {
    AttributeWriter body = named(end);
    body.nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, kind));
    return new NlRequest(
        "add %s %s".formatted(kind, end.name),
        LinuxRtnetlink.RTM_NEWLINK,
        NlFlags.CREATE | NlFlags.EXCL,
        body);
  }

  private static AttributeWriter named(NamedLink end) {
    AttributeWriter body = new AttributeWriter(header(0, end.settings));
    body.string(IFLA_IFNAME, end.name);
    settings(body, end.settings);
    return body;
  }

  /** Changes the link of that index. */
  public static NlRequest setLink(int index, LinkSettings settings) {
    AttributeWriter body = new AttributeWriter(header(index, settings));
    settings(body, settings);
    return new NlRequest("set link " + index, LinuxRtnetlink.RTM_SETLINK, 0, body);
  }

  /** Changes the link of that name. */
  public static NlRequest setLink(String name, LinkSettings settings) {
    AttributeWriter body = new AttributeWriter(header(0, settings)).string(IFLA_IFNAME, name);
    settings(body, settings);
    return new NlRequest("set link " + name, LinuxRtnetlink.RTM_SETLINK, 0, body);
  }

  /** Moves the link of that index to another namespace, keeping its name. */
  public static NlRequest moveLink(int index, Fd namespace) {
    AttributeWriter body =
        new AttributeWriter(header(index, LinkSettings.NONE))
            .u32(IFLA_NET_NS_FD, namespace.value());
    return new NlRequest("move link " + index, LinuxRtnetlink.RTM_SETLINK, 0, body);
  }

  public static NlRequest delLink(int index) {
    return new NlRequest(
        "delete link " + index,
        LinuxRtnetlink.RTM_DELLINK,
        0,
        new AttributeWriter(header(index, LinkSettings.NONE)));
  }

  public static NlRequest delLink(String name) {
    return new NlRequest(
        "delete link " + name,
        LinuxRtnetlink.RTM_DELLINK,
        0,
        new AttributeWriter(header(0, LinkSettings.NONE)).string(IFLA_IFNAME, name));
  }

  /** Deletes all links of a group at once, so that they share the kernel's grace periods. */
  public static NlRequest delGroup(int group) {
    return new NlRequest(
        "delete links of group " + group,
        LinuxRtnetlink.RTM_DELLINK,
        0,
        new AttributeWriter(header(0, LinkSettings.NONE)).u32(IFLA_GROUP, group));
  }

  public static NlRequest getLink(String name) {
    return new NlRequest(
        "get link " + name,
        LinuxRtnetlink.RTM_GETLINK,
        0,
        new AttributeWriter(header(0, LinkSettings.NONE))
            .string(IFLA_IFNAME, name)
            .u32(IFLA_EXT_MASK, LinuxRtnetlink.RTEXT_FILTER_SKIP_STATS));
  }

  public static NlRequest getLink(int index) {
    return new NlRequest(
        "get link " + index,
        LinuxRtnetlink.RTM_GETLINK,
        0,
        new AttributeWriter(header(index, LinkSettings.NONE))
            .u32(IFLA_EXT_MASK, LinuxRtnetlink.RTEXT_FILTER_SKIP_STATS));
  }

  /** All links of the namespace, for a dump. */
  public static NlRequest getLinks() {
    return new NlRequest(
        "list links",
        LinuxRtnetlink.RTM_GETLINK,
        0,
        new AttributeWriter(header(0, LinkSettings.NONE))
            .u32(IFLA_EXT_MASK, LinuxRtnetlink.RTEXT_FILTER_SKIP_STATS));
  }

  private static byte[] header(int index, LinkSettings settings) {
    return ByteBuffer.allocate(STRUCT.sizeBytes())
        .order(ByteOrder.nativeOrder())
        .put((byte) LinuxSocket.AF_UNSPEC)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(index)
        .putInt(settings.flags())
        .putInt(settings.change())
        .array();
  }

  private static void settings(AttributeWriter body, LinkSettings settings) {
    if (settings.mtuBytes() != 0) {
      body.u32(IFLA_MTU, settings.mtuBytes());
    }
    if (!settings.address().equals(LinkMessage.NO_ADDRESS)) {
      body.bytes(IFLA_ADDRESS, settings.address().toBytes());
    }
    if (!settings.alias().isEmpty()) {
      body.string(IFLA_IFALIAS, settings.alias());
    }
    if (settings.group() >= 0) {
      body.u32(IFLA_GROUP, settings.group());
    }
    if (settings.master() >= 0) {
      body.u32(IFLA_MASTER, settings.master());
    }
    if (settings.addrGenMode() >= 0 || !settings.ipv4Conf().isEmpty()) {
      body.nested(IFLA_AF_SPEC, families -> familySettings(families, settings));
    }
  }

  private static void familySettings(AttributeWriter families, LinkSettings settings) {
    if (!settings.ipv4Conf().isEmpty()) {
      families.nested(
          LinuxSocket.AF_INET,
          inet ->
              inet.nested(
                  IFLA_INET_CONF,
                  conf ->
                      settings
                          .ipv4Conf()
                          .forEach((parameter, value) -> conf.u32(parameter.code(), value))));
    }
    if (settings.addrGenMode() >= 0) {
      families.nested(
          LinuxSocket.AF_INET6,
          inet6 -> inet6.u8(IFLA_INET6_ADDR_GEN_MODE, settings.addrGenMode()));
    }
  }

  /** Reads an {@code RTM_NEWLINK} or {@code RTM_DELLINK}. */
  public static LinkMessage decode(NlMessage message) {
    ByteBuffer header = message.payload();
    String name = "";
    String kind = "";
    int mtuBytes = 0;
    MacAddress address = LinkMessage.NO_ADDRESS;
    String alias = "";
    int master = 0;
    int group = 0;
    int peer = 0;
    int peerNamespaceId = -1;
    List<RawAttribute> others = new ArrayList<>();
    for (AttributeReader.Attribute attribute : message.attributes(STRUCT.sizeBytes())) {
      switch (attribute.type()) {
        case IFLA_IFNAME -> name = attribute.string();
        case IFLA_MTU -> mtuBytes = attribute.u32();
        case IFLA_IFALIAS -> alias = attribute.string();
        case IFLA_MASTER -> master = attribute.u32();
        case IFLA_GROUP -> group = attribute.u32();
        case IFLA_LINK -> peer = attribute.u32();
        case IFLA_LINK_NETNSID -> peerNamespaceId = attribute.u32();
        case IFLA_LINKINFO -> {
          kind =
              attribute
                  .nested()
                  .find(IFLA_INFO_KIND)
                  .map(AttributeReader.Attribute::string)
                  .orElse("");
          others.add(RawAttribute.of(attribute));
        }
        case IFLA_ADDRESS -> {
          if (attribute.lengthBytes() == 6) {
            address = MacAddress.ofBytes(attribute.bytes());
          } else {
            others.add(RawAttribute.of(attribute));
          }
        }
        default -> others.add(RawAttribute.of(attribute));
      }
    }
    return new LinkMessage(
        header.getInt(STRUCT.offset("ifi_index")),
        header.getInt(STRUCT.offset("ifi_flags")),
        name,
        kind,
        mtuBytes,
        address,
        alias,
        master,
        group,
        peer,
        peerNamespaceId,
        others);
  }
}
