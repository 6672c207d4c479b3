package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.OutputOption;
import io.ocicat.client.Documents;
import io.ocicat.lab.traffic.ProbeResult;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat lab probe}. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description = "Send one real packet and tell what became of it; exit status 0 only if allowed.",
    footer = {
      "",
      "allowed: it was answered. refused: a reset, an abort or an ICMP error came back.",
      "dropped: nothing came back in time.",
      "Nodes answer on 80/tcp and 80/udp; so does the world outside, 192.0.2.1 and 2001:db8::1."
    })
final class ProbeCommand implements Callable<Integer> {
  @Mixin private LabOption lab = new LabOption();
  @Mixin private ProbeOptions options = new ProbeOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "NS/POD|node:NODE",
      description = "Who tries.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "NS/POD|node:NODE|IP",
      description = "Whom it tries to reach.")
  private String to = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (!options.valid()) {
      throw new ParameterException(
          spec.commandLine(), "--port is 1 to 65535 and --family is 4 or 6");
    }
    ProbeResult result = lab.attach().traffic().probe(from, to, options.attempt());
    PrintWriter out = spec.commandLine().getOut();
    double rttMs = Math.round(result.roundTrip().toNanos() / 1e4) / 100.0;
    if (output.json()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("from", from);
      document.put("to", to);
      document.put("port", options.port());
      document.put("protocol", options.protocol().toString());
      document.put("verdict", result.verdict().toString());
      document.put("peerSaw", result.peerSaw());
      document.put("rttMs", rttMs);
      document.put("responder", result.responder());
      document.put("detail", result.detail());
      out.println(Documents.toJson(document));
    } else {
      String more =
          switch (result.verdict()) {
            case ALLOWED ->
                (result.peerSaw().isEmpty() ? "" : ", the peer saw " + result.peerSaw())
                    + ", "
                    + rttMs
                    + " ms";
            case REFUSED -> " (" + result.detail() + ")";
            case DROPPED -> ": nothing came back";
          };
      out.println(
          from
              + " → "
              + to
              + " "
              + options.port()
              + "/"
              + options.protocol()
              + " "
              + result.verdict()
              + more);
    }
    out.flush();
    return result.allowed() ? 0 : 1;
  }
}
