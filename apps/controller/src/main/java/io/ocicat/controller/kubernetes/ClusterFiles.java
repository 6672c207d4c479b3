package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.IdentityException;
import io.ocicat.sync.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/**
 * What replicas share and agents have mounted: the authority in a Secret, its certificate and the
 * replicas' addresses in a ConfigMap.
 */
public final class ClusterFiles {

  /** Both of Secret and ConfigMap. */
  public static final String NAME = "ocicat-ca";

  private static final int MOST_ATTEMPTS = 10;

  private final ApiServer server;
  private final String namespace;
  private volatile List<String> others = List.of();

  public ClusterFiles(ApiServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  /**
   * The cluster's authority: that of the Secret, which is made if there is none.
   *
   * @param directory where it is put as files, too
   * @throws ApiException if the API server does not answer, or refuses
   * @throws IdentityException if the Secret is damaged
   */
  public ClusterAuthority authority(Path directory, InstantSource clock, SecureRandom random)
      throws ApiException, InterruptedException {
    while (true) {
      try {
        JsonNode data = server.get(path("secrets")).path("data");
        Pem.writePrivately(directory.resolve("ca.key"), decoded(data, "ca.key"));
        Pem.writePublicly(directory.resolve("ca.crt"), decoded(data, "ca.crt"));
        return ClusterAuthority.loadOrCreate(directory, clock, random);
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      try {
        ObjectNode _ =
            server.send(Verb.POST, collection("secrets"), secret(directory, clock, random));
      } catch (ApiException e) {
        // Another replica was faster, and its authority is the one.
        if (!e.isConflict()) {
          throw e;
        }
      }
    }
  }

  private ObjectNode secret(Path directory, InstantSource clock, SecureRandom random) {
    ClusterAuthority _ = ClusterAuthority.loadOrCreate(directory, clock, random);
    ObjectNode secret = named("Secret");
    try {
      for (String file : List.of("ca.key", "ca.crt")) {
        secret
            .withObject("/data")
            .put(
                file,
                Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve(file))));
      }
    } catch (IOException e) {
      throw new IdentityException("cannot read the new authority in " + directory, e);
    }
    return secret;
  }

  private static String decoded(JsonNode data, String file) {
    try {
      return new String(
          Base64.getDecoder().decode(data.path(file).asText()), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw new IdentityException("the Secret %s has no readable %s".formatted(NAME, file), e);
    }
  }

  /**
   * Tells agents of this replica: {@code ca.crt}, and in {@code controllers} a line with its
   * address and its name.
   *
   * @param address host:port
   * @param replica its name
   * @param exists whether there is still a replica of that name; lines of others go
   */
  public void publish(
      ClusterAuthority authority, String address, String replica, Predicate<String> exists)
      throws ApiException, InterruptedException {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        ObjectNode map;
        boolean isNew = false;
        try {
          map = server.get(path("configmaps"));
        } catch (ApiException e) {
          if (!e.isNotFound()) {
            throw e;
          }
          map = named("ConfigMap");
          isNew = true;
        }
        ObjectNode before = map.deepCopy();
        ObjectNode data = map.withObject("/data");
        data.put("ca.crt", Pem.text(List.of(authority.certificate())));
        data.put("controllers", lines(data.path("controllers").asText(), address, replica, exists));
        if (isNew) {
          ObjectNode _ = server.send(Verb.POST, collection("configmaps"), map);
        } else if (!map.equals(before)) {
          ObjectNode _ = server.send(Verb.PUT, path("configmaps"), map);
        }
        others = others(data.path("controllers").asText(), replica);
        return;
      } catch (ApiException e) {
        if (!e.isConflict()) {
          throw e;
        }
      }
    }
    throw new ApiException(
        "PUT " + path("configmaps"),
        409,
        "Conflict",
        "others kept changing it; trying again later");
  }

  /** The lines that agents read, as they are published now; empty if there are none. */
  String controllers() throws ApiException, InterruptedException {
    try {
      return server.get(path("configmaps")).path("data").path("controllers").asText();
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return "";
      }
      throw e;
    }
  }

  /** The addresses, host:port, of the other replicas when this one was published last. */
  List<String> others() {
    return others;
  }

  private static List<String> others(String lines, String replica) {
    return lines
        .lines()
        .map(line -> line.strip().split("\\s+", 2))
        .filter(words -> words.length == 2 && !words[1].equals(replica))
        .map(words -> words[0])
        .toList();
  }

  private static String lines(
      String before, String address, String replica, Predicate<String> exists) {
    List<String> lines = new ArrayList<>();
    for (String line : before.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2
          && !words[0].equals(address)
          && !words[1].equals(replica)
          && exists.test(words[1])) {
        lines.add(line.strip());
      }
    }
    lines.add(address + " " + replica);
    lines.sort(null);
    return String.join("\n", lines) + "\n";
  }

  private String collection(String plural) {
    return "/api/v1/namespaces/" + namespace + "/" + plural;
  }

  private String path(String plural) {
    return collection(plural) + "/" + NAME;
  }

  private ObjectNode named(String kind) {
    ObjectNode document =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", kind);
    document.putObject("metadata").put("name", NAME).put("namespace", namespace);
    return document;
  }
}
