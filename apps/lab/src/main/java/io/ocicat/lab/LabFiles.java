package io.ocicat.lab;

import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a lab keeps its things.
 *
 * @param name the lab's name
 */
record LabFiles(String name) {
  static final Path LABS = Path.of("/run/ocicat/lab");

  Path root() {
    return LABS.resolve(name);
  }

  /** Beside the directory, so that it outlives the directory's removal. */
  Path lock() {
    return LABS.resolve("." + name + ".lock");
  }

  /** Written when the lab is up. */
  Path description() {
    return root().resolve("lab.json");
  }

  Path kubeconfig() {
    return root().resolve("kubeconfig");
  }

  Path controller() {
    return root().resolve("controller");
  }

  Path node(String node) {
    return root().resolve(node);
  }

  Path pods() {
    return root().resolve("pods");
  }

  Path pod(String namespace, String pod) {
    return pods().resolve(namespace + "_" + pod + ".json");
  }

  Path supervisorSocket() {
    return root().resolve("serve.sock");
  }

  Path log(String process) {
    return root().resolve(process + ".log");
  }

  /** No lab name holds a dot, so no lab's prefix begins another's. */
  String netnsPrefix() {
    return "ocicat." + name + ".";
  }

  String fabricNetns() {
    return netnsPrefix() + "fabric";
  }

  String nodeNetns(String node) {
    return netnsPrefix() + node;
  }

  String podNetns(String namespace, String pod) {
    return netnsPrefix() + "pod." + namespace + "." + pod;
  }

  static Path netns(String file) {
    return NetNamespace.NAMED_DIRECTORY.resolve(file);
  }

  /** The names of this lab's namespaces that exist now. */
  List<String> namespaces() {
    if (!Files.isDirectory(NetNamespace.NAMED_DIRECTORY)) {
      return List.of();
    }
    try (Stream<Path> names = Files.list(NetNamespace.NAMED_DIRECTORY)) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(file -> file.startsWith(netnsPrefix()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("list " + NetNamespace.NAMED_DIRECTORY, e);
    }
  }

  /** The labs that have a directory, up or not. */
  static List<String> labs() {
    if (!Files.isDirectory(LABS)) {
      return List.of();
    }
    try (Stream<Path> labs = Files.list(LABS)) {
      return labs.filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("list " + LABS, e);
    }
  }
}
