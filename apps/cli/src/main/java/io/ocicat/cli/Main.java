package io.ocicat.cli;

import io.ocicat.bgpd.BgpdCommand;
import io.ocicat.cli.explain.ExplainCommand;
import io.ocicat.cli.lab.LabCommand;
import io.ocicat.client.ApiException;
import io.ocicat.client.Kubeconfig;
import io.ocicat.controller.ControllerCommand;
import io.ocicat.lab.LabException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where the JVM starts: finds the command, runs it, answers its exit status. */
public final class Main {
  private static final List<String> NAMES =
      List.of(
          "apply",
          "delete",
          "get",
          "describe",
          "validate",
          "status",
          "node",
          "policy",
          "drops",
          "ipam",
          "explain",
          "diags",
          "lab",
          "agent",
          "controller",
          "bgp",
          "bgpd",
          "version",
          "completion",
          "rehearse");

  private Main() {}

  // No method references to commands: the JVM's start-up cache cannot hold those of classes that it
  // skips, and it skips what extends the old class files of picocli.
  private static Object command(String name) {
    return switch (name) {
      case "apply" -> new ApplyCommand();
      case "delete" -> new DeleteCommand();
      case "get" -> new GetCommand();
      case "describe" -> new DescribeCommand();
      case "validate" -> new ValidateCommand();
      case "status" -> new StatusCommand();
      case "node" -> new NodeCommand();
      case "policy" -> new PolicyCommand();
      case "drops" -> new DropsCommand();
      case "ipam" -> new IpamCommand();
      case "explain" -> new ExplainCommand();
      case "diags" -> new DiagsCommand();
      case "agent" -> new AgentCommand();
      case "controller" -> new ControllerCommand();
      case "bgp" -> new BgpCommand();
      case "bgpd" -> new BgpdCommand();
      case "lab" -> new LabCommand();
      case "version" -> new VersionCommand();
      case "completion" -> new CompletionCommand();
      case "rehearse" -> new RehearseCommand();
      default -> throw new IllegalStateException("a command without a class: " + name);
    };
  }

  /** Runs the command line and ends the JVM with its status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the command line and answers its status. */
  static int run(String... arguments) {
    return commandLine(arguments).execute(arguments);
  }

  /** The command line with every command. */
  static CommandLine complete() {
    return commandLine();
  }

  /** The command line with the one command that {@code arguments} name, else with all. */
  static CommandLine commandLine(String... arguments) {
    CommandLine root = new CommandLine(new Root());
    Optional<String> named = Arrays.stream(arguments).findFirst().filter(NAMES::contains);
    for (String name : named.map(List::of).orElse(NAMES)) {
      root.addSubcommand(name, command(name));
    }
    if (named.isEmpty()) {
      for (CommandSource source : ServiceLoader.load(CommandSource.class)) {
        root.addSubcommand(source.name(), source.command());
      }
    }
    tellVersion(root);
    root.setExecutionExceptionHandler(new Refusals());
    root.setParameterExceptionHandler(new Usage());
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setUsageHelpAutoWidth(false);
    return root;
  }

  /** {@code --version} says the same everywhere. */
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionCommand());
    for (CommandLine each : command.getSubcommands().values()) {
      tellVersion(each);
    }
  }

  /** Says what is wrong with the words given. */
  private static final class Usage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
      CommandLine command = e.getCommandLine();
      PrintWriter err = command.getErr();
      err.println("ocicat: " + inWords(e));
      CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
      err.println("'" + command.getCommandSpec().qualifiedName() + " --help' tells how it is used");
      return 2;
    }

    /** Whoever mistypes a command need not read of indexes. */
    private static String inWords(ParameterException e) {
      if (e instanceof CommandLine.UnmatchedArgumentException unmatched
          && !unmatched.isUnknownOption()
          && !e.getCommandLine().getSubcommands().isEmpty()) {
        return "'%s' has no command '%s'"
            .formatted(
                e.getCommandLine().getCommandSpec().qualifiedName(),
                unmatched.getUnmatched().getFirst());
      }
      return String.valueOf(e.getMessage());
    }
  }

  /** Says what failed as expected, without a stack. */
  private static final class Refusals implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception exception, CommandLine command, ParseResult parsed) throws Exception {
      PrintWriter err = command.getErr();
      switch (exception) {
        case ApiException refused -> {
          err.println("ocicat: " + refused.headline());
          refused.causes().forEach(cause -> err.println("  " + cause));
        }
        case Refusal refusal -> err.println("ocicat: " + refusal.getMessage());
        case Kubeconfig.UnusableException unusable ->
            err.println("ocicat: " + unusable.getMessage());
        case LabException lab -> err.println("ocicat: " + lab.getMessage());
        case UncheckedIOException io ->
            err.println("ocicat: " + io.getMessage() + ": " + io.getCause());
        default -> throw exception;
      }
      err.flush();
      return 1;
    }
  }

  /** What {@code ocicat} alone does: tell what there is. */
  @Command(
      name = "ocicat",
      mixinStandardHelpOptions = true,
      versionProvider = VersionCommand.class,
      description = "A container network: addresses, routes and policy for pods.",
      footer = {"", "To see it at work: 'ocicat lab demo' (needs root)."})
  static final class Root implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
