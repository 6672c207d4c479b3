package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.OutputOption;
import io.ocicat.client.Documents;
import io.ocicat.lab.LabPods;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.traffic.Listen;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab pod add}. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description =
        "Add a pod: API objects, a network namespace, a CNI ADD, and a responder on its ports.")
final class PodAddCommand implements Callable<Integer> {
  @Mixin private LabOption lab = new LabOption();
  @Mixin private OutputOption output = new OutputOption();

  @Parameters(paramLabel = "[NS/]NAME", description = "Its name.")
  private String name = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      defaultValue = "",
      description = "Its namespace, made if missing (default: default).")
  private String namespace = "";

  @Option(
      names = "--node",
      paramLabel = "NODE",
      defaultValue = "",
      description = "Its node (default: the one with the fewest pods).")
  private String node = "";

  @Option(
      names = {"-l", "--labels"},
      split = ",",
      paramLabel = "K=V",
      description = "Its labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = {"-a", "--annotations"},
      split = ",",
      paramLabel = "K=V",
      description = "Its annotations.")
  private Map<String, String> annotations = new LinkedHashMap<>();

  @Option(
      names = "--listen",
      split = ",",
      paramLabel = "PORT/PROTOCOL",
      description = "What it answers on (default: 80/tcp,80/udp).")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--port-name",
      split = ",",
      paramLabel = "NAME=PORT/PROTOCOL",
      description = "Names of ports, such as http=80/tcp; each is answered on.")
  private Map<String, String> portNames = new LinkedHashMap<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    LabPods.Added added = lab.attach().pods().add(podSpec());
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      out.println(Documents.toJson(describe(added)));
    } else {
      out.printf(
          "pod/%s added on %s: %s%n",
          added.name(),
          added.node(),
          String.join(", ", added.addresses().stream().map(Object::toString).toList()));
    }
    out.flush();
    return 0;
  }

  private PodSpec podSpec() {
    PodName pod = PodName.of(name, namespace);
    try {
      Map<String, Listen> named = new LinkedHashMap<>();
      portNames.forEach((portName, port) -> named.put(portName, Listen.parse(port)));
      List<Listen> ports =
          listen.isEmpty() && named.isEmpty()
              ? PodSpec.DEFAULT_LISTEN
              : listen.stream().map(Listen::parse).toList();
      return new PodSpec(pod.namespace(), pod.name(), node, labels, annotations, ports, named);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  static ObjectNode describe(LabPods.Added pod) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("namespace", pod.namespace());
    document.put("name", pod.name());
    document.put("node", pod.node());
    document.put("netns", pod.netns().toString());
    ArrayNode addresses = document.putArray("addresses");
    pod.addresses().forEach(address -> addresses.add(address.toString()));
    return document;
  }
}
