package io.ocicat.cli.lab;

import io.ocicat.cli.Refusal;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiResource;
import io.ocicat.client.Applier;
import io.ocicat.client.Discovery;
import io.ocicat.client.Documents;
import io.ocicat.client.Documents.Document;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabPods;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic.Attempt;
import io.ocicat.lab.LabTraffic.Matrix;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Bring a lab up and show pods that talk, and a policy that cuts one of them off.",
    footer = {"", "Exit status 0 only if everything shown came out as it should."})
final class DemoCommand implements Callable<Integer> {
  private static final String NAMESPACE = "demo";
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web-for-friends
        namespace: demo
      spec:
        podSelector:
          matchLabels:
            app: web
        ingress:
        - from:
          - podSelector:
              matchLabels:
                role: friend
          ports:
          - port: 80
            protocol: TCP
      """;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = LabSpec.DEFAULT_NAME,
      description = "The lab's name (default: ${DEFAULT-VALUE}).")
  private String name = LabSpec.DEFAULT_NAME;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final List<String> surprises = new ArrayList<>();

  @Override
  public Integer call() {
    LabOption.requireRoot();
    PrintWriter out = spec.commandLine().getOut();
    Clock clock = new Clock(spec.commandLine().getErr());
    say(out, "A lab: three nodes, each a network namespace with its own agent, and a controller.");
    Lab lab = Lab.up(new LabSpec(name, 3, LabSpec.Families.DUAL_STACK), clock::step);

    say(out, "Three pods, one on each node, added by CNI calls as a container runtime makes them.");
    addPods(lab, clock);

    say(out, "Who reaches whom on port 80? Each ✓ is a real connection, answered.");
    show(out, lab, IpFamily.IPV4);
    show(out, lab, IpFamily.IPV6);
    peerAddresses(out, lab);

    say(out, "Now a Kubernetes NetworkPolicy: only role=friend may reach app=web, on port 80.");
    POLICY.lines().forEach(line -> out.println("    " + line));
    out.println();
    long tookNs = apply(lab);
    clock.step("enforced by the kernel of every node, " + tookNs / 1_000_000 + " ms after apply");
    Matrix after = lab.traffic().matrix(Attempt.tcp(80));
    MatrixCommand.print(out, after, "80/tcp");
    expectCutOff(after);
    say(out, "demo/stranger no longer reaches demo/web; everybody else goes on as before.");

    next(out, lab);
    if (!surprises.isEmpty()) {
      throw new Refusal("show what a lab does: " + String.join("; ", surprises));
    }
    return 0;
  }

  private static void say(PrintWriter out, String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  private static void addPods(Lab lab, Clock clock) {
    Map<String, Map<String, String>> labels =
        Map.of(
            "web", Map.of("app", "web"),
            "friend", Map.of("role", "friend"),
            "stranger", Map.of("role", "stranger"));
    int number = 1;
    for (String pod : List.of("web", "friend", "stranger")) {
      LabPods.Added added =
          lab.pods()
              .add(
                  PodSpec.of(NAMESPACE, pod)
                      .labelled(labels.getOrDefault(pod, Map.of()))
                      .on("node-" + number++));
      clock.step(
          "%s/%s on %s: %s"
              .formatted(
                  NAMESPACE,
                  pod,
                  added.node(),
                  String.join(", ", added.addresses().stream().map(Object::toString).toList())));
    }
  }

  private void show(PrintWriter out, Lab lab, IpFamily family) {
    Matrix matrix = lab.traffic().matrix(Attempt.tcp(80).to(family));
    MatrixCommand.print(out, matrix, family == IpFamily.IPV4 ? "IPv4" : "IPv6");
    out.flush();
    if (!matrix.allAllowed()) {
      surprises.add("not every pod reached every other over " + family);
    }
  }

  private void peerAddresses(PrintWriter out, Lab lab) {
    say(out, "No NAT on the way: the address that the other side sees is the pod's own.");
    for (LabPods.Added pod : lab.pods().list()) {
      String title = pod.namespace() + "/" + pod.name();
      if (pod.name().equals("web")) {
        continue;
      }
      for (IpAddress own : pod.addresses()) {
        ProbeResult result =
            lab.traffic().probe(title, NAMESPACE + "/web", Attempt.tcp(80).to(own.family()));
        out.printf(
            "  %-14s has %-20s %s saw %s%n", title, own, NAMESPACE + "/web", result.peerSaw());
        if (!result.peerSaw().equals(own.toString())) {
          surprises.add(title + " has " + own + " but was seen as '" + result.peerSaw() + "'");
        }
      }
    }
  }

  private static long apply(Lab lab) {
    Document document = Documents.read("the demo's policy", POLICY).documents().getFirst();
    long startNs = System.nanoTime();
    try (ApiClient api = lab.api()) {
      ApiResource resource =
          new Discovery(api)
              .of("networking.k8s.io/v1", "NetworkPolicy")
              .orElseThrow(() -> new Refusal("apply the policy: the API has no NetworkPolicy"));
      Applier.Applied applied = new Applier(api).apply(resource, NAMESPACE, document.content());
      lab.awaitEnforced(
          applied.object().path("metadata").path("resourceVersion").asLong(),
          Duration.ofSeconds(30));
    }
    return System.nanoTime() - startNs;
  }

  private void expectCutOff(Matrix matrix) {
    int web = matrix.pods().indexOf(NAMESPACE + "/web");
    for (int row = 0; row < matrix.pods().size(); row++) {
      String source = matrix.pods().get(row);
      for (int column = 0; column < matrix.pods().size(); column++) {
        boolean cut = source.equals(NAMESPACE + "/stranger") && column == web;
        Verdict expected = cut ? Verdict.DROPPED : Verdict.ALLOWED;
        Verdict found = matrix.rows().get(row).get(column).verdict();
        if (found != expected) {
          surprises.add(source + " → " + matrix.pods().get(column) + " was " + found);
        }
      }
    }
  }

  private static void next(PrintWriter out, Lab lab) {
    String option = lab.name().equals(LabSpec.DEFAULT_NAME) ? "" : " --lab " + lab.name();
    say(out, "The lab stays up. Try:");
    out.println("  ./ocicat lab probe" + option + " --from demo/stranger --to demo/web --port 80");
    out.println(
        "  ./ocicat lab pod add"
            + option
            + " late -n demo -l role=friend && ./ocicat lab matrix"
            + option);
    out.println("  ./ocicat delete netpol web-for-friends -n demo --wait" + option);
    out.println(
        "  ./ocicat get pods -A -o wide"
            + option
            + "; ./ocicat node status"
            + option
            + "; ./ocicat ipam show"
            + option);
    out.println("  kubectl --kubeconfig " + lab.kubeconfig() + " get pods,netpol -A");
    out.println(
        "  nsenter --net=" + lab.nodes().getFirst().netns() + " nft list table inet ocicat");
    out.println("Take it down, without a trace:");
    out.println("  ./ocicat lab down" + (option.isEmpty() ? "" : " " + lab.name()));
    out.flush();
  }
}
