package io.ocicat.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Where an API server is and who asks: the current context of a kubeconfig file.
 *
 * @param source the file, for messages
 * @param server the base address
 * @param namespace the context's namespace, {@code default} if it names none
 * @param caPem the certificates that the server's must descend from; empty for those that the JDK
 *     trusts
 * @param identity how the client shows who it is
 * @param insecure whether the server's certificate is not looked at
 */
public record Kubeconfig(
    Path source, URI server, String namespace, String caPem, Identity identity, boolean insecure) {

  /** How the client shows who it is. */
  public sealed interface Identity {
    /** It does not. */
    record Anonymous() implements Identity {}

    /** By a bearer token. */
    record Token(String value) implements Identity {
      @Override
      public String toString() {
        return "Token[…]";
      }
    }

    /** By a certificate; both in PEM. */
    record ClientCertificate(String certificatePem, String keyPem) implements Identity {
      @Override
      public String toString() {
        return "ClientCertificate[…]";
      }
    }
  }

  /** The file cannot be used; the message says which, why and what to do. */
  public static final class UnusableException extends RuntimeException {
    UnusableException(String message) {
      super(message);
    }
  }

  /**
   * Reads the current context.
   *
   * @param files tried in this order for each part, as kubectl does with a KUBECONFIG of several
   * @throws UnusableException if there is no file, or the context is missing or incomplete
   */
  public static Kubeconfig read(List<Path> files) {
    List<Part> parts = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        parts.add(new Part(file, parse(file)));
      }
    }
    if (parts.isEmpty()) {
      throw new UnusableException(
          "read the kubeconfig: no such file: "
              + String.join(", ", files.stream().map(Path::toString).toList())
              + "; start a lab with 'ocicat lab up', or name a file with --kubeconfig or KUBECONFIG");
    }
    String current =
        parts.stream()
            .map(part -> part.root().path("current-context").asText(""))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElseThrow(
                () ->
                    new UnusableException(
                        "read "
                            + parts.getFirst().file()
                            + ": it has no current-context; set one with 'kubectl config use-context'"));
    Named context = find(parts, "contexts", "context", current);
    Named cluster = find(parts, "clusters", "cluster", context.body().path("cluster").asText(""));
    String namespace = context.body().path("namespace").asText("");
    String user = context.body().path("user").asText("");
    return new Kubeconfig(
        context.file(),
        URI.create(cluster.body().path("server").asText("")),
        namespace.isEmpty() ? "default" : namespace,
        pem(cluster, "certificate-authority"),
        user.isEmpty() ? new Identity.Anonymous() : identity(find(parts, "users", "user", user)),
        cluster.body().path("insecure-skip-tls-verify").asBoolean(false));
  }

  private record Part(Path file, JsonNode root) {}

  private record Named(Path file, String name, JsonNode body) {}

  private static JsonNode parse(Path file) {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UnusableException("read the kubeconfig " + file + ": " + e.getMessage());
    }
  }

  private static Named find(List<Part> parts, String list, String member, String name) {
    for (Part part : parts) {
      for (JsonNode entry : part.root().path(list)) {
        if (entry.path("name").asText("").equals(name)) {
          return new Named(part.file(), name, entry.path(member));
        }
      }
    }
    throw new UnusableException(
        "read "
            + parts.getFirst().file()
            + ": its "
            + list
            + " hold none named '"
            + name
            + "'; look at 'kubectl config view'");
  }

  private static Identity identity(Named user) {
    JsonNode body = user.body();
    String token = body.path("token").asText("");
    String tokenFile = body.path("tokenFile").asText("");
    String certificate = pem(user, "client-certificate");
    if (!certificate.isEmpty()) {
      return new Identity.ClientCertificate(certificate, pem(user, "client-key"));
    }
    if (!token.isEmpty() || !tokenFile.isEmpty()) {
      return new Identity.Token(
          token.isEmpty() ? readBeside(user.file(), tokenFile).strip() : token);
    }
    if (body.has("exec") || body.has("auth-provider")) {
      throw new UnusableException(
          "read "
              + user.file()
              + ": user '"
              + user.name()
              + "' authenticates by a program, which ocicat does not run; give a token or a client certificate");
    }
    return new Identity.Anonymous();
  }

  /**
   * The PEM text of {@code <field>-data}, else of the file that {@code <field>} names, else empty.
   */
  private static String pem(Named entry, String field) {
    String data = entry.body().path(field + "-data").asText("");
    if (!data.isEmpty()) {
      return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.US_ASCII);
    }
    String name = entry.body().path(field).asText("");
    return name.isEmpty() ? "" : readBeside(entry.file(), name);
  }

  private static String readBeside(Path kubeconfig, String name) {
    Path file = kubeconfig.toAbsolutePath().resolveSibling(name);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UnusableException(
          "read " + file + ", which " + kubeconfig + " names: " + e.getMessage());
    }
  }
}
