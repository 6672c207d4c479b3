package io.ocicat.bgpd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.bgp.decision.DecisionSettings;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgp.speaker.DynamicPeers;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the daemon's file, and says all that is wrong with it at once.
 *
 * <pre>
 * routerId: 192.0.2.1                 # required
 * as: 65001                           # required
 * clusterId: 192.0.2.1                # of us as a reflector
 * listen: ["0.0.0.0:179", "[::]:179"] # the default; []: nowhere
 * nextHops: [192.0.2.1, 2001:db8::1]  # for families that a session's address is not of
 * externalNeedsPolicy: false          # RFC 8212
 * socket: /run/ocicat/bgpd.sock
 * networks: [10.1.0.0/24]
 * decision: {alwaysCompareMed: false, missingMedIsWorst: false, keepCurrentExternal: false,
 *   externalPaths: 8, internalPaths: 8, defaultLocalPref: 100}
 * prefixLists: […]                    # see {@link PolicyReader}, as policies
 * kernel: true                        # see {@link OutletsReader}, as metrics and bmp
 * peers:
 * - name: tor                         # required, as is the AS, and an address or an interface
 *   address: 192.0.2.2                # a link-local one needs its interface
 *   interface: eth0                   # alone: the one neighbour that is found there
 *   as: 65002                         # or internal, or external
 *   …                                 # see {@link PeerReader}
 * ranges:
 * - name: leaves
 *   prefix: 192.0.2.0/24
 *   most: 100
 *   as: external                      # and what else a peer may have
 * </pre>
 */
public final class BgpdConfigReader {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int MOST_OF_A_RANGE = 1000;
  private static final int MOST_PATHS = 256;
  private static final int MOST_SOCKET_PATH_BYTES = 107;

  private final Findings findings;
  private final Path folder;
  private boolean keepsForwarding;

  /** What came of a file. */
  public sealed interface Reading {

    record Valid(BgpdConfig config) implements Reading {}

    /**
     * @param problems all of them, each with its line and the field it is about
     */
    record Invalid(List<String> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  private BgpdConfigReader(Findings findings, Path folder) {
    this.findings = findings;
    this.folder = folder;
  }

  /**
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Reading read(Path file) {
    try {
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
      return parse(Files.readString(file), folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * @param folder that files named in the text are relative to
   */
  public static Reading parse(String yaml, Path folder) {
    JsonNode document;
    try {
      document = tree(yaml);
    } catch (JsonProcessingException e) {
      return new Reading.Invalid(List.of(notYaml(e)));
    }
    return read(document, new Findings(yaml), folder);
  }

  static JsonNode tree(String yaml) throws JsonProcessingException {
    return YAML.readTree(yaml);
  }

  static String notYaml(JsonProcessingException e) {
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    return "line %d: not YAML: %s".formatted(line, e.getOriginalMessage());
  }

  /**
   * @param findings of the same text; hold afterwards which fields a file may have
   */
  static Reading read(JsonNode document, Findings findings, Path folder) {
    return new BgpdConfigReader(findings, folder).read(document);
  }

  private Reading read(JsonNode document) {
    Fields file = new Fields(document, "", findings);
    long localAs = as(file);
    Optional<Ipv4Address> identifier = dotted(file, "routerId");
    if (identifier.isEmpty() && !file.has("routerId")) {
      file.problem("routerId", "missing");
    }
    Optional<Ipv4Address> clusterId = dotted(file, "clusterId");
    List<ListenSettings> listen = listen(file);
    List<IpAddress> nextHops = file.list("nextHops", IpAddress::tryParse, "an IP address");
    boolean externalNeedsPolicy = file.flag("externalNeedsPolicy", false);
    Path socket = Path.of(file.text("socket", BgpdConfig.DEFAULT_SOCKET.toString()));
    if (socket.toString().length() > MOST_SOCKET_PATH_BYTES) {
      file.problem("socket", "longer than %d bytes".formatted(MOST_SOCKET_PATH_BYTES));
    }
    List<Cidr> networks = file.list("networks", Cidr::tryParse, "a prefix");
    PolicyReader policies = new PolicyReader(file);
    DecisionSettings decision = decision(file);
    Outlets outlets = OutletsReader.read(file);
    keepsForwarding = outlets.kernel().isPresent();
    List<PeerSettings> peers = peers(file, localAs, policies);
    List<DynamicPeers> ranges = ranges(file, localAs, policies);
    file.done();
    if (!findings.problems().isEmpty()) {
      return new Reading.Invalid(findings.problems());
    }
    SpeakerSettings speaker =
        new SpeakerSettings(
            identifier.map(Ipv4Address::value).orElse(1),
            clusterId.map(Ipv4Address::value).orElse(0),
            listen,
            nextHops,
            externalNeedsPolicy,
            peers,
            ranges);
    return new Reading.Valid(
        new BgpdConfig(speaker, socket, networks, decision, policies.policies(), outlets));
  }

  private static DecisionSettings decision(Fields file) {
    DecisionSettings normal = DecisionSettings.DEFAULT;
    Optional<Fields> mapping = file.mapping("decision");
    if (mapping.isEmpty()) {
      return normal;
    }
    Fields decision = mapping.get();
    DecisionSettings settings =
        new DecisionSettings(
            decision.flag("alwaysCompareMed", normal.alwaysCompareMed()),
            decision.flag("missingMedIsWorst", normal.missingMedIsWorst()),
            decision.flag("keepCurrentExternal", normal.keepCurrentExternal()),
            (int) decision.number("externalPaths", normal.externalPaths(), 1, MOST_PATHS),
            (int) decision.number("internalPaths", normal.internalPaths(), 1, MOST_PATHS),
            decision.number("defaultLocalPref", normal.defaultLocalPref(), 0, 0xffff_ffffL));
    decision.done();
    return settings;
  }

  private static long as(Fields file) {
    if (!file.has("as")) {
      file.problem("as", "missing");
      return 1;
    }
    return file.number("as", 1, 1, 0xffff_ffffL);
  }

  private static Optional<Ipv4Address> dotted(Fields file, String name) {
    return file.parsed(
        name,
        text ->
            IpAddress.tryParse(text)
                .filter(a -> a instanceof Ipv4Address v4 && v4.value() != 0)
                .map(Ipv4Address.class::cast),
        "four numbers with dots, not all 0");
  }

  private List<ListenSettings> listen(Fields file) {
    if (!file.has("listen")) {
      return List.of(
          new ListenSettings(IpAddress.parse("0.0.0.0"), Transport.BGP_PORT, ""),
          new ListenSettings(IpAddress.parse("::"), Transport.BGP_PORT, ""));
    }
    return file.list("listen", BgpdConfigReader::listenAt, "address:port or [address]:port");
  }

  static Optional<ListenSettings> listenAt(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    Optional<IpAddress> address =
        IpAddress.tryParse(bracketed ? host.substring(1, host.length() - 1) : host)
            .filter(a -> bracketed == (a.family() == IpFamily.IPV6));
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return port < 1 || port > 65535
          ? Optional.empty()
          : address.map(a -> new ListenSettings(a, port, ""));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private List<PeerSettings> peers(Fields file, long localAs, PolicyReader policies) {
    List<PeerSettings> peers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields fields : file.mappings("peers")) {
      Optional<PeerAddress> address = address(fields);
      String name = fields.text("name", "");
      if (name.isEmpty()) {
        name = address.map(Object::toString).orElse("");
      }
      if (!names.add(name)) {
        fields.problem("name", "'%s' is another peer's".formatted(name));
      }
      PeerAddress at = address.orElse(new PeerAddress.On("none"));
      peers.add(new PeerReader(fields, folder, policies, keepsForwarding).read(name, at, localAs));
      fields.done();
    }
    return peers;
  }

  private static Optional<PeerAddress> address(Fields fields) {
    Optional<IpAddress> address = fields.address("address");
    String device = fields.text("interface", "");
    if (address.isPresent()) {
      boolean alone =
          address.get().isLinkLocal()
              && address.get().family() == IpFamily.IPV6
              && device.isEmpty();
      if (alone) {
        fields.problem("interface", "missing; a link-local address needs it");
        return Optional.empty();
      }
      return Optional.of(new PeerAddress.At(address.get(), device));
    }
    if (!device.isEmpty()) {
      return Optional.of(new PeerAddress.On(device));
    }
    if (!fields.has("address")) {
      fields.problem("address", "missing, and so is interface");
    }
    return Optional.empty();
  }

  private List<DynamicPeers> ranges(Fields file, long localAs, PolicyReader policies) {
    List<DynamicPeers> ranges = new ArrayList<>();
    for (Fields fields : file.mappings("ranges")) {
      String name = fields.text("name", "");
      if (name.isEmpty()) {
        fields.problem("name", "missing");
      }
      Optional<Cidr> prefix = fields.parsed("prefix", Cidr::tryParse, "a prefix");
      if (prefix.isEmpty() && !fields.has("prefix")) {
        fields.problem("prefix", "missing");
      }
      int most = (int) fields.number("most", MOST_OF_A_RANGE, 1, 100_000);
      Cidr range = prefix.orElse(Cidr.parse("192.0.2.0/24"));
      String device = fields.text("interface", "");
      PeerAddress at =
          range.address().isLinkLocal() && device.isEmpty()
              ? new PeerAddress.On("none")
              : new PeerAddress.At(range.address(), device);
      ranges.add(
          new DynamicPeers(
              name,
              range,
              new PeerReader(fields, folder, policies, keepsForwarding).read(name, at, localAs),
              most));
      fields.done();
    }
    return ranges;
  }
}
