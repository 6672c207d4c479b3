package io.ocicat.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bgpcontrol.MrtFile;
import io.ocicat.bgpwire.Asn;
import io.ocicat.bgpwire.mrt.MrtRecord;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat bgp mrt FILE}: no speaker is asked. */
@Command(
    name = "mrt",
    mixinStandardHelpOptions = true,
    description = {
      "Show a file in MRT (RFC 6396), as 'ocicat bgp dump' and route collectors write it.",
      "-o json prints one document a line."
    })
final class BgpMrtCommand implements Callable<Integer> {
  private static final String PACKED = ".gz";
  private static final String ROW = "%-24s  %-24s  %-24s  %s";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The file; unpacked if its name ends in .gz.")
  private Path file = Path.of("");

  @Mixin private OutputOption output = new OutputOption();

  private List<MrtRecord.PeerIndexTable.Peer> peers = List.of();

  /** Standard output stays open. */
  static OutputStream sink(String file) throws IOException {
    if (file.equals("-")) {
      return new BufferedOutputStream(
          new FilterOutputStream(System.out) {
            @Override
            public void write(byte[] octets, int from, int length) throws IOException {
              out.write(octets, from, length);
            }

            @Override
            public void close() throws IOException {
              flush();
            }
          });
    }
    OutputStream plain = new BufferedOutputStream(Files.newOutputStream(Path.of(file)));
    return file.endsWith(PACKED) ? new GZIPOutputStream(plain) : plain;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (!output.json()) {
      out.println(ROW.formatted("PREFIX", "FROM", "NEXT HOP", "PATH"));
    }
    try (InputStream plain = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(PACKED) ? new GZIPInputStream(plain) : plain) {
      long left = MrtFile.read(in, mrt -> show(out, mrt));
      out.flush();
      if (left > 0) {
        throw new Refusal("%s: %d octets at its end are no record of MRT".formatted(file, left));
      }
      return 0;
    } catch (IOException e) {
      throw new Refusal("cannot read " + file + ": " + e);
    }
  }

  private void show(PrintWriter out, MrtRecord mrt) {
    switch (mrt) {
      case MrtRecord.PeerIndexTable table -> {
        peers = table.peers();
        if (output.json()) {
          out.println(JsonNodeFactory.instance.objectNode().put("peers", peers.size()));
        }
      }
      case MrtRecord.Rib rib -> rib.entries().forEach(entry -> route(out, rib, entry));
      case MrtRecord.BgpMessage message ->
          event(
              out,
              message.timeSeconds(),
              message.session(),
              "message of %d octets".formatted(message.message().length()));
      case MrtRecord.StateChange change ->
          event(
              out,
              change.timeSeconds(),
              change.session(),
              "state %d -> %d".formatted(change.oldState(), change.newState()));
      case MrtRecord.Unknown unknown ->
          out.println(
              "# type %d subtype %d: not understood".formatted(unknown.type(), unknown.subtype()));
    }
  }

  private void route(PrintWriter out, MrtRecord.Rib rib, MrtRecord.Rib.Entry entry) {
    String from =
        entry.peerIndex() < peers.size()
            ? peers.get(entry.peerIndex()).address()
                + " AS "
                + Asn.text(peers.get(entry.peerIndex()).asn())
            : "peer " + entry.peerIndex();
    String nextHop = entry.attributes().nextHop().map(Object::toString).orElse("");
    if (output.json()) {
      ObjectNode route =
          JsonNodeFactory.instance
              .objectNode()
              .put("prefix", rib.prefix().toString())
              .put("from", from)
              .put("pathId", Integer.toUnsignedLong(entry.pathId()))
              .put("nextHop", nextHop)
              .put("asPath", entry.attributes().asPath().toString())
              .put("attributes", entry.attributes().toString());
      out.println(route);
    } else {
      String path = entry.attributes().asPath().toString();
      out.println(ROW.formatted(rib.prefix(), from, nextHop, path).stripTrailing());
    }
  }

  private void event(PrintWriter out, long seconds, MrtRecord.Session session, String what) {
    String at = Instant.ofEpochSecond(seconds).toString();
    String peer = session.peer() + " AS " + Asn.text(session.peerAs());
    if (output.json()) {
      out.println(
          JsonNodeFactory.instance.objectNode().put("at", at).put("from", peer).put("event", what));
    } else {
      out.println("# %s  %s  %s".formatted(at, peer, what));
    }
  }
}
