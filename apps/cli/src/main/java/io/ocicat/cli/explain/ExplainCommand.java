package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.Manifests;
import io.ocicat.cli.OutputOption;
import io.ocicat.cli.Refusal;
import io.ocicat.cli.Server;
import io.ocicat.cli.ValidateCommand;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import io.ocicat.client.Documents.Document;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Defaults;
import io.ocicat.policy.Flow;
import io.ocicat.policy.explain.Explained;
import io.ocicat.policy.explain.Question;
import io.ocicat.policy.explain.Remedies;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat explain --from END --to END --port P}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Tell whether policy allows a connection, and why, without sending a packet.",
    footer = {
      "",
      "An end is a pod (NS/POD, or POD in the context's namespace), a node (node:NODE) or an address;",
      "--to may be a Service, too, by its address or as svc:NS/SERVICE: its backends are explained.",
      "The answer is about new connections; replies of an allowed one are never asked about.",
      "Exit status 0 whatever the verdict, 1 if the question has no answer, 2 for wrong usage.",
      "",
      "Why can client not reach web?",
      "  ocicat explain --from shop/client --to shop/web --port 80",
      "Would it with this policy?",
      "  ocicat explain --from shop/client --to shop/web --port 80 -f policy.yaml",
      "May web ask the DNS outside?",
      "  ocicat explain --from shop/web --to 192.0.2.53 --port 53 --protocol udp"
    })
public final class ExplainCommand implements Callable<Integer> {

  /** How many ways to allow a denied flow are told. */
  private static final int REMEDIES = 3;

  private static final int ECHO_REQUEST_V4 = 8;
  private static final int ECHO_REQUEST_V6 = 128;

  @Mixin private Server server = new Server();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private Manifests manifests = new Manifests();

  @Option(names = "--from", required = true, paramLabel = "END", description = "Who connects.")
  private String from = "";

  @Option(names = "--to", required = true, paramLabel = "END", description = "To whom.")
  private String to = "";

  @Option(names = "--port", paramLabel = "PORT", description = "To which port.")
  private @Nullable Integer port;

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      defaultValue = "tcp",
      description = "tcp, udp, sctp, icmp, icmpv6, or a number (default: tcp).")
  private String protocol = "tcp";

  @Option(
      names = "--from-port",
      paramLabel = "PORT",
      description = "From which port (default: one that no rule is likely to name).")
  private int fromPort = Flow.Traffic.SOURCE_PORT;

  @Option(
      names = "--icmp-type",
      paramLabel = "TYPE",
      description = "The type of the ICMP message (default: that of an echo request).")
  private @Nullable Integer icmpType;

  @Option(
      names = "--icmp-code",
      paramLabel = "CODE",
      defaultValue = "0",
      description = "Its code (default: 0).")
  private int icmpCode;

  @Option(names = "--ipv6", description = "IPv6, where both ends have IPv4, too.")
  private boolean ipv6;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Of pods and documents that are named without one; else the context's.")
  private @Nullable String namespace;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    IpProtocol number = protocol();
    List<JsonNode> changes = new ArrayList<>();
    PrintWriter out = spec.commandLine().getOut();
    try (ApiClient client = server.connect()) {
      String in = namespace == null ? client.kubeconfig().namespace() : namespace;
      if (manifests.named() && !read(changes, in)) {
        return 1;
      }
      EndWord source = word("--from", from, in);
      EndWord target = word("--to", to, in);
      ClusterReader.Found found;
      try (ClusterRequests requests = new ClusterRequests(client)) {
        found =
            new ClusterReader(requests)
                .read(source, target, number.transport(), port == null ? 0 : port, changes);
      }
      List<Answer> answers =
          found.targets().stream()
              .map(each -> answer(found, each, number, !changes.isEmpty()))
              .toList();
      // Of several the one is told in full that somebody would ask about.
      Answer told =
          answers.stream()
              .filter(each -> !each.explanation().isAllowed())
              .findFirst()
              .orElse(answers.getFirst());
      if (output.json()) {
        out.println(Documents.toJson(AnswerJson.of(told, answers)));
      } else {
        AnswerText.onTerminal(out).print(told, answers);
      }
      out.flush();
      return 0;
    }
  }

  private Answer answer(
      ClusterReader.Found found, ClusterReader.Target target, IpProtocol number, boolean changes) {
    Flow flow = flow(found.from(), target, number);
    Question question = new Question(flow, found.from().place(), target.end().place());
    Explained explained = Explained.of(found.changed(), question);
    List<String> notes = new ArrayList<>(found.notes());
    notes.addAll(explained.notes());
    return new Answer(
        found.from(),
        target.end(),
        flow,
        explained.explanation(),
        changes
            ? Optional.of(Explained.of(found.documents(), question).explanation())
            : Optional.empty(),
        Remedies.find(found.changed(), question, explained, REMEDIES),
        notes);
  }

  private IpProtocol protocol() {
    IpProtocol number;
    try {
      String spelled = protocol.toUpperCase(Locale.ROOT);
      number = spelled.equals("ICMPV6") ? IpProtocol.ICMPV6 : IpProtocol.parse(spelled);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--protocol '%s' is not tcp, udp, sctp, icmp, icmpv6 or a number from 1 to 255"
              .formatted(protocol));
    }
    if (number.transport().isPresent() && port == null) {
      throw new ParameterException(
          spec.commandLine(), "say to which port of %s with --port".formatted(protocol));
    }
    if (port != null && (port < 1 || port > 65535)) {
      throw new ParameterException(spec.commandLine(), "--port %d is no port".formatted(port));
    }
    if (fromPort < 0 || fromPort > 65535) {
      throw new ParameterException(
          spec.commandLine(), "--from-port %d is no port".formatted(fromPort));
    }
    return number;
  }

  private EndWord word(String option, String text, String in) {
    return EndWord.parse(text, in)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "%s '%s' is no pod (NS/POD), node (node:NODE), Service (svc:NS/SERVICE) or address"
                        .formatted(option, text)));
  }

  /** Reads the documents of a change; false, with all that is wrong on standard error. */
  private boolean read(List<JsonNode> changes, String in) {
    PrintWriter err = spec.commandLine().getErr();
    Documents.Read read = manifests.read();
    read.problems().forEach(problem -> err.println("ocicat: " + problem));
    boolean good = read.problems().isEmpty();
    for (Document document : read.documents()) {
      List<String> problems = ValidateCommand.problems(document);
      if (!problems.isEmpty()) {
        good = false;
        err.println(
            "ocicat: %s (%s): would be refused".formatted(document.source(), document.title()));
        problems.forEach(problem -> err.println("  " + problem));
        continue;
      }
      changes.add(complete(document, in));
    }
    err.flush();
    return good;
  }

  private static JsonNode complete(Document document, String in) {
    ObjectNode content = document.content().deepCopy();
    Kinds.of(content.path("apiVersion").asText(), content.path("kind").asText())
        .ifPresent(
            kind -> {
              Defaults.fill(kind, content);
              ObjectNode metadata = content.withObject("/metadata");
              if (kind.namespaced() && metadata.path("namespace").asText("").isEmpty()) {
                metadata.put("namespace", in);
              }
            });
    return content;
  }

  private Flow flow(FlowEnd source, ClusterReader.Target goal, IpProtocol number) {
    FlowEnd target = goal.end();
    IpFamily family = family(source, target, number);
    IpAddress destination = target.address(family).orElseThrow();
    Flow.Traffic traffic = traffic(number, family, goal.port());
    boolean own =
        source instanceof FlowEnd.Node node
            && (target instanceof FlowEnd.Pod pod && pod.node().equals(node.node()));
    return own
        ? Flow.fromOwnHost(destination, traffic)
        : Flow.between(source.address(family).orElseThrow(), destination, traffic);
  }

  private IpFamily family(FlowEnd source, FlowEnd target, IpProtocol number) {
    boolean six = ipv6 || number.equals(IpProtocol.ICMPV6);
    List<IpFamily> wanted =
        six
            ? List.of(IpFamily.IPV6)
            : number.equals(IpProtocol.ICMP)
                ? List.of(IpFamily.IPV4, IpFamily.IPV6)
                : List.of(source.addresses().getFirst().family(), IpFamily.IPV4, IpFamily.IPV6);
    return wanted.stream()
        .filter(each -> source.address(each).isPresent() && target.address(each).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    "find addresses of one family: %s has %s, %s has %s%s"
                        .formatted(
                            source.title(),
                            source.addresses(),
                            target.title(),
                            target.addresses(),
                            six ? ", and IPv6 is asked for" : "")));
  }

  private Flow.Traffic traffic(IpProtocol number, IpFamily family, int port) {
    if (number.equals(IpProtocol.ICMP) || number.equals(IpProtocol.ICMPV6)) {
      int echo = family == IpFamily.IPV4 ? ECHO_REQUEST_V4 : ECHO_REQUEST_V6;
      return new Flow.Traffic.Icmp(icmpType == null ? echo : icmpType, icmpCode);
    }
    return number
        .transport()
        .<Flow.Traffic>map(transport -> new Flow.Traffic.Transport(transport, fromPort, port))
        .orElseGet(() -> new Flow.Traffic.Other(number.number()));
  }
}
