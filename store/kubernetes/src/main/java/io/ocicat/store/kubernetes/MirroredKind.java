package io.ocicat.store.kubernetes;

import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.store.ResourceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind that the store mirrors from the API server.
 *
 * @param name group and plural name
 * @param versions the versions to ask for, the best first; a server has one of them or none
 * @param kind the kind as documents spell it
 * @param namespaced whether the objects live in a namespace
 * @param hasStatus whether status is written through a subresource of its own
 * @param projection what of the documents is kept
 */
public record MirroredKind(
    KindName name,
    List<String> versions,
    String kind,
    boolean namespaced,
    boolean hasStatus,
    Projection projection) {
  /** Of which old servers have {@code v1beta1} alone. */
  private static final MirroredKind ENDPOINT_SLICE =
      new MirroredKind(
          Kinds.ENDPOINT_SLICE.name(),
          List.of("v1", "v1beta1"),
          "EndpointSlice",
          true,
          false,
          Projection.ENDPOINT_SLICE);

  /** Copies the list, which needs a version. */
  public MirroredKind {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("no version of " + name + " to ask for");
    }
  }

  /**
   * The kinds that every controller follows: Kubernetes' own as far as policy and routing use them,
   * and every Calico kind except {@link #derived}.
   */
  public static List<MirroredKind> all() {
    List<MirroredKind> all = new ArrayList<>();
    for (ResourceKind kind : Kinds.all()) {
      if (!derived().contains(kind.name())) {
        all.add(kind.equals(Kinds.ENDPOINT_SLICE) ? ENDPOINT_SLICE : of(kind));
      }
    }
    return List.copyOf(all);
  }

  /**
   * The kinds that the controller derives, and Secrets, of which it reads a few by name: they are
   * kept in the mirror alone.
   */
  public static List<KindName> derived() {
    return List.of(Kinds.WORKLOAD_ENDPOINT.name(), Kinds.SECRET.name());
  }

  /** A kind of the model, with the projection that it has. */
  static MirroredKind of(ResourceKind kind) {
    return new MirroredKind(
        kind.name(),
        List.of(kind.version()),
        kind.kind(),
        kind.namespaced(),
        kind.hasStatus(),
        projection(kind));
  }

  private static Projection projection(ResourceKind kind) {
    if (kind.equals(Kinds.POD)) {
      return Projection.POD;
    }
    if (kind.equals(Kinds.NODE)) {
      return Projection.NODE;
    }
    return kind.equals(Kinds.SERVICE_ACCOUNT) ? Projection.METADATA : Projection.WHOLE;
  }

  /** {@code apiVersion} of this kind's documents in a version. */
  String apiVersion(String version) {
    return name.group().isEmpty() ? version : name.group() + "/" + version;
  }

  /** The path of all objects, in a version. */
  String path(String version) {
    return root(version) + "/" + name.plural();
  }

  /** The path of the objects beside which this one is, or will be. */
  String collection(ResourceKey key) {
    String root = root(versions.getFirst());
    String scope = namespaced ? "/namespaces/" + key.namespace() : "";
    return root + scope + "/" + name.plural();
  }

  /** The path of an object. */
  String path(ResourceKey key) {
    return collection(key) + "/" + key.name();
  }

  private String root(String version) {
    return (name.group().isEmpty() ? "/api/" : "/apis/") + apiVersion(version);
  }
}
