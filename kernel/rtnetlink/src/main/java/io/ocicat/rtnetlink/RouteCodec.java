package io.ocicat.rtnetlink;

import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_DST;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_GATEWAY;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_MULTIPATH;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_OIF;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_PREFSRC;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_PRIORITY;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_TABLE;
import static io.ocicat.rtnetlink.LinuxRtnetlink.RTA_VIA;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.CStruct;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NetlinkDecodeException;
import io.ocicat.netlink.NlBatch;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests about routes, and routes read from messages. */
public final class RouteCodec {

  public static final CStruct STRUCT =
      CStruct.of("rtmsg", "linux/rtnetlink.h")
          .u8("rtm_family")
          .u8("rtm_dst_len")
          .u8("rtm_src_len")
          .u8("rtm_tos")
          .u8("rtm_table")
          .u8("rtm_protocol")
          .u8("rtm_scope")
          .u8("rtm_type")
          .u32("rtm_flags")
          .build();

  public static final CStruct STRUCT_NEXTHOP =
      CStruct.of("rtnexthop", "linux/rtnetlink.h")
          .u16("rtnh_len")
          .u8("rtnh_flags")
          .u8("rtnh_hops")
          .u32("rtnh_ifindex")
          .build();

  private RouteCodec() {}

  /** Adds a route; {@code EEXIST} if there is one of that destination, metric and table. */
  public static NlRequest newRoute(RouteMessage route) {
    return request("add route ", route, NlFlags.CREATE | NlFlags.EXCL);
  }

  /**
   * Adds a route, or puts it in the place of the one of that destination, metric and table, whoever
   * made that.
   */
  public static NlRequest replaceRoute(RouteMessage route) {
    return request("replace route ", route, NlFlags.CREATE | NlFlags.REPLACE);
  }

  private static NlRequest request(String verb, RouteMessage route, int flags) {
    return new NlRequest(verb + route.describe(), LinuxRtnetlink.RTM_NEWROUTE, flags, body(route));
  }

  /** Deletes the route that is equal in all that the message says. */
  public static NlRequest delRoute(RouteMessage route) {
    return new NlRequest(
        "delete route " + route.describe(), LinuxRtnetlink.RTM_DELROUTE, 0, body(route));
  }

  /**
   * The routes of a family, for a dump.
   *
   * @param protocol {@code RTPROT_…}, by which the kernel filters; 0 for all
   */
  public static NlRequest getRoutes(IpFamily family, int protocol) {
    ByteBuffer header = ByteBuffer.allocate(STRUCT.sizeBytes()).order(ByteOrder.nativeOrder());
    header.put(STRUCT.offset("rtm_family"), (byte) Families.code(family));
    header.put(STRUCT.offset("rtm_protocol"), (byte) protocol);
    return new NlRequest(
        "list %s routes of protocol %d".formatted(family, protocol),
        LinuxRtnetlink.RTM_GETROUTE,
        0,
        new AttributeWriter(header.array()));
  }

  /** The route that a packet to that address would take: the matching entry itself. */
  public static NlRequest getRoute(IpAddress destination) {
    ByteBuffer header = ByteBuffer.allocate(STRUCT.sizeBytes()).order(ByteOrder.nativeOrder());
    header.put(STRUCT.offset("rtm_family"), (byte) Families.code(destination.family()));
    header.put(STRUCT.offset("rtm_dst_len"), (byte) destination.family().bits());
    header.putInt(STRUCT.offset("rtm_flags"), LinuxRtnetlink.RTM_F_FIB_MATCH);
    return new NlRequest(
        "get route to " + destination,
        LinuxRtnetlink.RTM_GETROUTE,
        0,
        new AttributeWriter(header.array()).bytes(RTA_DST, destination.toBytes()));
  }

  /**
   * Writes a request about a route as {@link #newRoute}, {@link #replaceRoute} and {@link
   * #delRoute} make it.
   */
  static void write(NlBatch batch, RouteTable.Change change) {
    RouteMessage route = change.route();
    switch (change) {
      case RouteTable.Change.Add _ ->
          batch.add(LinuxRtnetlink.RTM_NEWROUTE, NlFlags.CREATE | NlFlags.EXCL, body(route));
      case RouteTable.Change.Replace _ ->
          batch.add(LinuxRtnetlink.RTM_NEWROUTE, NlFlags.CREATE | NlFlags.REPLACE, body(route));
      case RouteTable.Change.Delete _ -> batch.add(LinuxRtnetlink.RTM_DELROUTE, 0, body(route));
    }
  }

  private static AttributeWriter body(RouteMessage route) {
    AttributeWriter body = new AttributeWriter(header(route));
    if (route.destination().prefixLength() > 0) {
      body.bytes(RTA_DST, route.destination().address().toBytes());
    }
    body.u32(RTA_TABLE, route.table());
    if (route.priority() != 0) {
      body.u32(RTA_PRIORITY, route.priority());
    }
    if (!route.source().isUnspecified()) {
      body.bytes(RTA_PREFSRC, route.source().toBytes());
    }
    nextHops(body, route.destination().family(), route.nextHops());
    for (RawAttribute other : route.others()) {
      body.bytes(other.type(), other.bytes());
    }
    return body;
  }

  private static byte[] header(RouteMessage route) {
    // More than eight bits of table go into the attribute; the header then says none.
    int table = route.table() < 256 ? route.table() : LinuxRtnetlink.RT_TABLE_UNSPEC;
    int flags = route.nextHops().size() == 1 ? route.nextHops().getFirst().flags() : 0;
    return ByteBuffer.allocate(STRUCT.sizeBytes())
        .order(ByteOrder.nativeOrder())
        .put((byte) Families.code(route.destination().family()))
        .put((byte) route.destination().prefixLength())
        .put((byte) 0)
        .put((byte) 0)
        .put((byte) table)
        .put((byte) route.protocol())
        .put((byte) route.scope())
        .put((byte) route.type().code())
        .putInt(flags)
        .array();
  }

  private static void nextHops(AttributeWriter body, IpFamily family, List<NextHop> hops) {
    if (hops.size() == 1) {
      gateway(body, family, hops.getFirst());
      if (hops.getFirst().index() != 0) {
        body.u32(RTA_OIF, hops.getFirst().index());
      }
    } else if (hops.size() > 1) {
      body.bytes(RTA_MULTIPATH, multipath(family, hops));
    }
  }

  /** A gateway of the other family has an attribute of its own, {@code struct rtvia}. */
  private static void gateway(AttributeWriter body, IpFamily family, NextHop hop) {
    IpAddress gateway = hop.gateway();
    if (gateway.isUnspecified()) {
      return;
    }
    if (gateway.family() == family) {
      body.bytes(RTA_GATEWAY, gateway.toBytes());
    } else {
      body.bytes(
          RTA_VIA,
          ByteBuffer.allocate(2 + gateway.family().bytes())
              .order(ByteOrder.nativeOrder())
              .putShort((short) Families.code(gateway.family()))
              .put(gateway.toBytes())
              .array());
    }
  }

  private static byte[] multipath(IpFamily family, List<NextHop> hops) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (NextHop hop : hops) {
      AttributeWriter attributes = new AttributeWriter(new byte[STRUCT_NEXTHOP.sizeBytes()]);
      gateway(attributes, family, hop);
      byte[] bytes = attributes.toBytes();
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.nativeOrder())
          .putShort((short) bytes.length)
          .put((byte) hop.flags())
          .put((byte) (hop.weight() - 1))
          .putInt(hop.index());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /**
   * Reads an {@code RTM_NEWROUTE} or {@code RTM_DELROUTE}.
   *
   * @return empty for a route of another family or of a type unknown here
   */
  public static Optional<RouteMessage> decode(NlMessage message) {
    ByteBuffer header = message.payload();
    Optional<IpFamily> family = Families.of(header.get(STRUCT.offset("rtm_family")));
    Optional<RouteType> type = RouteType.of(header.get(STRUCT.offset("rtm_type")));
    if (family.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    IpAddress none = Families.unspecified(family.get());
    IpAddress destination = none;
    IpAddress source = none;
    IpAddress gateway = none;
    int table = header.get(STRUCT.offset("rtm_table")) & 0xff;
    int priority = 0;
    int link = 0;
    List<NextHop> hops = new ArrayList<>();
    List<RawAttribute> others = new ArrayList<>();
    for (AttributeReader.Attribute attribute : message.attributes(STRUCT.sizeBytes())) {
      switch (attribute.type()) {
        case RTA_DST -> destination = Families.address(attribute);
        case RTA_PREFSRC -> source = Families.address(attribute);
        case RTA_GATEWAY -> gateway = Families.address(attribute);
        case RTA_VIA -> gateway = Families.via(attribute);
        case RTA_OIF -> link = attribute.u32();
        case RTA_PRIORITY -> priority = attribute.u32();
        case RTA_TABLE -> table = attribute.u32();
        case RTA_MULTIPATH -> hops.addAll(nextHops(attribute.bytes(), none));
        default -> others.add(RawAttribute.of(attribute));
      }
    }
    if (hops.isEmpty() && (link != 0 || !gateway.isUnspecified())) {
      int flags = header.getInt(STRUCT.offset("rtm_flags"));
      hops.add(new NextHop(link, gateway, 1, flags & 0xff));
    }
    return Optional.of(
        new RouteMessage(
            new Cidr(destination, header.get(STRUCT.offset("rtm_dst_len")) & 0xff),
            type.get(),
            table,
            header.get(STRUCT.offset("rtm_protocol")) & 0xff,
            header.get(STRUCT.offset("rtm_scope")) & 0xff,
            priority,
            source,
            hops,
            others));
  }

  private static List<NextHop> nextHops(byte[] bytes, IpAddress none) {
    List<NextHop> hops = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int position = 0;
    while (position + STRUCT_NEXTHOP.sizeBytes() <= bytes.length) {
      int length = buffer.getShort(position) & 0xffff;
      if (length < STRUCT_NEXTHOP.sizeBytes() || length > bytes.length - position) {
        throw new NetlinkDecodeException(
            "next hop says %d bytes where %d are left".formatted(length, bytes.length - position));
      }
      AttributeReader attributes =
          new AttributeReader(bytes, position + STRUCT_NEXTHOP.sizeBytes(), position + length);
      hops.add(
          new NextHop(
              buffer.getInt(position + STRUCT_NEXTHOP.offset("rtnh_ifindex")),
              attributes
                  .find(RTA_GATEWAY)
                  .map(Families::address)
                  .or(() -> attributes.find(RTA_VIA).map(Families::via))
                  .orElse(none),
              (buffer.get(position + STRUCT_NEXTHOP.offset("rtnh_hops")) & 0xff) + 1,
              buffer.get(position + STRUCT_NEXTHOP.offset("rtnh_flags")) & 0xff));
      position += length + 3 & ~3;
    }
    return hops;
  }
}
