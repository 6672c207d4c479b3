package io.ocicat.cli;

import io.ocicat.bgpd.PolicyTests;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat bgp policy …}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Try policies on routes.",
    synopsisSubcommandLabel = "(test)")
final class BgpPolicyCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Ask policies about the routes of a file and compare with what it expects.",
        "No speaker is asked. Exit status 1 if a verdict is another or the file is wrong."
      })
  int test(@Parameters(paramLabel = "FILE") Path file) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return switch (PolicyTests.run(file)) {
        case PolicyTests.Outcome.Ran(List<PolicyTests.Verdict> verdicts) -> {
          verdicts.forEach(verdict -> print(out, verdict));
          long failed = verdicts.stream().filter(verdict -> !verdict.passed()).count();
          out.println("%d of %d as expected".formatted(verdicts.size() - failed, verdicts.size()));
          out.flush();
          yield failed == 0 ? 0 : 1;
        }
        case PolicyTests.Outcome.Invalid(List<String> problems) ->
            throw new Refusal(file + " is wrong:\n  " + String.join("\n  ", problems));
      };
    } catch (UncheckedIOException e) {
      throw new Refusal(e.getMessage() + ": " + e.getCause());
    }
  }

  private static void print(PrintWriter out, PolicyTests.Verdict verdict) {
    out.println(
        "%s %s: %s by %s"
            .formatted(
                verdict.passed() ? "ok    " : "FAILED",
                verdict.name(),
                verdict.accepted() ? "accepted" : "rejected",
                verdict.decidedBy()));
    if (!verdict.passed()) {
      verdict.differences().forEach(difference -> out.println("         " + difference));
      out.println("         terms that held: " + held(verdict));
      out.println("         attributes: " + verdict.attributes());
    }
  }

  private static String held(PolicyTests.Verdict verdict) {
    return verdict.held().isEmpty() ? "none" : String.join(", ", verdict.held());
  }
}
