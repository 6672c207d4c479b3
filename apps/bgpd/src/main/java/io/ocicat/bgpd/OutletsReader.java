package io.ocicat.bgpd;

import io.ocicat.bgpcontrol.BmpExport;
import io.ocicat.fib.FibSettings;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads who else is told.
 *
 * <pre>
 * kernel: true                        # or with fields; absent: routes stay in the speaker
 * kernel: {table: 254, metric: 1024, sourceIpv4: 192.0.2.1, sourceIpv6: "2001:db8::1",
 *   throughDefault: true, audit: 300}
 * metrics: 127.0.0.1:9179             # Prometheus, at /metrics
 * bmp:
 * - {address: 192.0.2.9, port: 1790, retryTime: 10, statisticsTime: 60}
 * </pre>
 */
final class OutletsReader {

  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration STATISTICS = Duration.ofSeconds(60);

  private OutletsReader() {}

  static Outlets read(Fields file) {
    return new Outlets(kernel(file), metrics(file), stations(file));
  }

  private static Optional<FibSettings> kernel(Fields file) {
    if (file.isFlag("kernel")) {
      return file.flag("kernel", false) ? Optional.of(FibSettings.DEFAULT) : Optional.empty();
    }
    return file.mapping("kernel").map(OutletsReader::kernelFields);
  }

  private static FibSettings kernelFields(Fields kernel) {
    FibSettings settings =
        FibSettings.DEFAULT
            .table((int) kernel.number("table", FibSettings.MAIN_TABLE, 1, Integer.MAX_VALUE))
            .throughDefault(kernel.flag("throughDefault", FibSettings.DEFAULT.throughDefault()))
            .audit(kernel.seconds("audit", FibSettings.DEFAULT.audit()))
            .keepOnExit(kernel.flag("keepOnExit", false));
    int metric =
        (int) kernel.number("metric", FibSettings.DEFAULT.ipv4().metric(), 1, Integer.MAX_VALUE);
    for (IpFamily family : IpFamily.values()) {
      settings = settings.metric(family, metric);
      String field = family == IpFamily.IPV4 ? "sourceIpv4" : "sourceIpv6";
      Optional<IpAddress> source =
          kernel.parsed(
              field,
              text -> IpAddress.tryParse(text).filter(a -> a.family() == family),
              "an address of " + family);
      settings = source.map(settings::source).orElse(settings);
    }
    kernel.done();
    return settings;
  }

  private static Optional<InetSocketAddress> metrics(Fields file) {
    return file.parsed("metrics", BgpdConfigReader::listenAt, "address:port or [address]:port")
        .map(at -> new InetSocketAddress(address(at.address()), at.port()));
  }

  private static InetAddress address(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 octets: " + address, e);
    }
  }

  private static List<BmpExport.Station> stations(Fields file) {
    List<BmpExport.Station> stations = new ArrayList<>();
    for (Fields fields : file.mappings("bmp")) {
      Optional<IpAddress> address = fields.address("address");
      if (address.isEmpty() && !fields.has("address")) {
        fields.problem("address", "missing");
      }
      if (!fields.has("port")) {
        fields.problem("port", "missing; BMP has none of its own");
      }
      int port = (int) fields.number("port", 1, 1, 65535);
      Duration retry = fields.seconds("retryTime", RETRY);
      Duration statistics = fields.seconds("statisticsTime", STATISTICS);
      address.ifPresent(at -> stations.add(new BmpExport.Station(at, port, retry, statistics)));
      fields.done();
    }
    return stations;
  }
}
