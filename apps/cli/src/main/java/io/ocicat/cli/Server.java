package io.ocicat.cli;

import io.ocicat.client.ApiClient;
import io.ocicat.client.Kubeconfig;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which API server is meant. */
public final class Server {
  private static final Path LABS = Path.of("/run/ocicat/lab");

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the API is; else KUBECONFIG, else the only lab running, else ~/.kube/config.")
  private @Nullable Path kubeconfig;

  @Option(names = "--lab", paramLabel = "NAME", description = "The lab of that name.")
  private @Nullable String lab;

  /** A client of the server meant. */
  public ApiClient connect() {
    return new ApiClient(Kubeconfig.read(files()));
  }

  /** The same, with what the server warns of told once each. */
  public ApiClient connect(PrintWriter err) {
    Set<String> told = ConcurrentHashMap.newKeySet();
    return new ApiClient(
        Kubeconfig.read(files()),
        warning -> {
          if (told.add(warning)) {
            err.println("Warning: " + warning);
            err.flush();
          }
        });
  }

  private List<Path> files() {
    if (kubeconfig != null) {
      return List.of(kubeconfig);
    }
    if (lab != null) {
      Path file = LABS.resolve(lab).resolve("kubeconfig");
      if (!Files.exists(file)) {
        throw new Refusal(
            "find lab '"
                + lab
                + "': there is no "
                + file
                + "; 'ocicat lab up "
                + lab
                + "' starts it");
      }
      return List.of(file);
    }
    String environment = System.getenv("KUBECONFIG");
    if (environment != null && !environment.isBlank()) {
      return Arrays.stream(environment.split(File.pathSeparator)).map(Path::of).toList();
    }
    List<Path> labs = labs();
    if (labs.size() > 1) {
      List<String> names = labs.stream().map(lab -> lab.getFileName().toString()).toList();
      throw new Refusal(
          "choose a cluster: several labs are running ("
              + String.join(", ", names)
              + "); name one with --lab");
    }
    return List.of(
        labs.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".kube", "config")
            : labs.getFirst().resolve("kubeconfig"));
  }

  /** The directories of labs that have an API. */
  private static List<Path> labs() {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(LABS)) {
      return found;
    }
    try (DirectoryStream<Path> labs = Files.newDirectoryStream(LABS)) {
      for (Path each : labs) {
        if (Files.isReadable(each.resolve("kubeconfig"))) {
          found.add(each);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }
}
