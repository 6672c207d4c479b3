package io.ocicat.agent.kernel;

import io.ocicat.inet.IpFamily;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftDump;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel holds, in lines for people who look for a fault. In the namespace of the calling
 * thread; changes nothing.
 */
public final class KernelListing {
  private static final int ANY_PROTOCOL = 0;
  private static final int NTF_PROXY = 8;
  private static final List<String> PARAMETERS =
      List.of(
          "accept_ra",
          "accept_redirects",
          "arp_ignore",
          "disable_ipv6",
          "forwarding",
          "proxy_arp",
          "proxy_ndp",
          "rp_filter");

  private KernelListing() {}

  /** Links and their addresses. */
  public static String links() {
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      return lines(rtnetlink.links()) + lines(rtnetlink.addresses());
    }
  }

  /** Rules, routes of all tables, and neighbours. */
  public static String routes() {
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      StringBuilder text = new StringBuilder();
      for (IpFamily family : IpFamily.values()) {
        text.append(lines(rtnetlink.rules(family)));
      }
      return text.append(lines(rtnetlink.routes(ANY_PROTOCOL)))
          .append(lines(rtnetlink.neighbours(0)))
          .append(lines(rtnetlink.neighbours(NTF_PROXY)))
          .toString();
    }
  }

  /** Our nftables table: chains, their rules with what they counted, sets, named counters. */
  public static String table() {
    try (NftConnection connection = NftConnection.open()) {
      Optional<NftDump> found = connection.dump(NodeTable.TABLE);
      if (found.isEmpty()) {
        return "there is no table " + NodeTable.TABLE + "\n";
      }
      NftDump dump = found.get();
      StringBuilder text =
          new StringBuilder(NodeTable.TABLE + (dump.isDormant() ? " dormant" : ""));
      text.append('\n');
      dump.content().chains().forEach(chain -> text.append(rules(dump, chain)));
      dump.content().sets().forEach(set -> text.append(set).append('\n'));
      dump.counts().forEach((name, counts) -> text.append(name + " " + counts + "\n"));
      return text.toString();
    }
  }

  private static String rules(NftDump dump, ChainContent chain) {
    StringBuilder text = new StringBuilder(chain.chain() + "\n");
    List<NftDump.RuleState> states = dump.states(chain.name());
    for (int i = 0; i < chain.rules().size(); i++) {
      text.append("  ").append(chain.rules().get(i));
      text.append(i < states.size() ? " " + states.get(i) : "").append('\n');
    }
    return text.toString();
  }

  /**
   * The parameters of links that decide about forwarding.
   *
   * @throws IOException if they cannot be read
   */
  public static String parameters() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String family : List.of("ipv4", "ipv6")) {
      Path links = Path.of("/proc/sys/net", family, "conf");
      if (!Files.isDirectory(links)) {
        lines.add(links + ": there is none");
        continue;
      }
      try (DirectoryStream<Path> each = Files.newDirectoryStream(links)) {
        for (Path link : each) {
          for (String name : PARAMETERS) {
            Path file = link.resolve(name);
            if (Files.isReadable(file)) {
              lines.add(file + " = " + Files.readString(file).strip());
            }
          }
        }
      }
    }
    lines.sort(null);
    return lines(lines);
  }

  private static String lines(List<?> items) {
    StringBuilder text = new StringBuilder();
    items.forEach(item -> text.append(item).append('\n'));
    return text.toString();
  }
}
