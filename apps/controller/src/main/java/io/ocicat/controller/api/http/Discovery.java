package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.http.MediaTypes.MediaType;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which groups, versions and resources there are: one document a level as old clients ask for them,
 * and all in one as newer ones do (<a
 * href="https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api">aggregated
 * discovery</a>, v2 and v2beta1).
 */
final class Discovery {

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> READING_VERBS = List.of("get", "list", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");
  private static final String AGGREGATED_GROUP = "apidiscovery.k8s.io";
  private static final String AGGREGATED_KIND = "APIGroupDiscoveryList";

  private final List<GroupVersion> groupVersions;

  /** A group in the one version that is served. */
  record GroupVersion(String group, String version) implements Comparable<GroupVersion> {

    /** As documents spell it. */
    String apiVersion() {
      return group.isEmpty() ? version : group + "/" + version;
    }

    /** Its path without a leading slash. */
    String path() {
      return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
    }

    @Override
    public int compareTo(GroupVersion other) {
      return apiVersion().compareTo(other.apiVersion());
    }
  }

  /** A resource as discovery shows it. */
  private record Entry(
      String name,
      String singular,
      boolean namespaced,
      String kind,
      List<String> verbs,
      List<String> shortNames,
      List<String> categories,
      List<String> subresources) {

    static Entry of(ResourceKind kind, List<String> verbs) {
      return new Entry(
          kind.plural(),
          kind.singular(),
          kind.namespaced(),
          kind.kind(),
          verbs,
          kind.shortNames(),
          kind.categories(),
          kind.subresources());
    }
  }

  Discovery() {
    TreeSet<GroupVersion> all = new TreeSet<>();
    Kinds.all().forEach(kind -> all.add(new GroupVersion(kind.group(), kind.version())));
    Reviews.ALL.forEach(each -> all.add(new GroupVersion(each.group(), each.version())));
    groupVersions = List.copyOf(all);
  }

  List<GroupVersion> groupVersions() {
    return groupVersions;
  }

  /** {@code /api}: the versions of the core group, or all of it aggregated. */
  Response core(Optional<String> accept) {
    Optional<String> aggregated = aggregatedVersion(accept);
    if (aggregated.isPresent()) {
      return aggregated(aggregated.get(), true);
    }
    ObjectNode versions = JsonNodeFactory.instance.objectNode();
    versions.put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return Response.json(200, versions);
  }

  /** {@code /apis}: the named groups, or all of them aggregated. */
  Response groups(Optional<String> accept) {
    Optional<String> aggregated = aggregatedVersion(accept);
    if (aggregated.isPresent()) {
      return aggregated(aggregated.get(), false);
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    for (GroupVersion each : groupVersions) {
      if (!each.group().isEmpty()) {
        groups.add(group(each));
      }
    }
    return Response.json(200, list);
  }

  /** {@code /apis/GROUP}. */
  Optional<Response> group(String name) {
    return groupVersions.stream()
        .filter(each -> !name.isEmpty() && each.group().equals(name))
        .findFirst()
        .map(
            each -> {
              ObjectNode group = JsonNodeFactory.instance.objectNode();
              group.put("kind", "APIGroup").put("apiVersion", "v1");
              group.setAll(group(each));
              return Response.json(200, group);
            });
  }

  private static ObjectNode group(GroupVersion each) {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.put("name", each.group());
    ObjectNode version = group.putArray("versions").addObject();
    version.put("groupVersion", each.apiVersion()).put("version", each.version());
    group.set("preferredVersion", version.deepCopy());
    return group;
  }

  /** {@code /api/VERSION} or {@code /apis/GROUP/VERSION}. */
  Optional<Response> resources(String group, String version) {
    GroupVersion wanted = new GroupVersion(group, version);
    if (!groupVersions.contains(wanted)) {
      return Optional.empty();
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", wanted.apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (Entry entry : entries(wanted)) {
      ObjectNode resource = resources.addObject();
      resource.put("name", entry.name()).put("singularName", entry.singular());
      resource.put("namespaced", entry.namespaced()).put("kind", entry.kind());
      addAll(resource.putArray("verbs"), entry.verbs());
      putUnlessEmpty(resource, "shortNames", entry.shortNames());
      putUnlessEmpty(resource, "categories", entry.categories());
      for (String subresource : entry.subresources()) {
        ObjectNode part = resources.addObject();
        part.put("name", entry.name() + "/" + subresource).put("singularName", "");
        part.put("namespaced", entry.namespaced()).put("kind", entry.kind());
        addAll(part.putArray("verbs"), STATUS_VERBS);
      }
    }
    return Optional.of(Response.json(200, list));
  }

  private static List<Entry> entries(GroupVersion groupVersion) {
    List<Entry> entries = new ArrayList<>();
    for (ResourceKind kind : Kinds.all()) {
      if (new GroupVersion(kind.group(), kind.version()).equals(groupVersion)) {
        entries.add(Entry.of(kind, VERBS));
      }
    }
    if (groupVersion.apiVersion().equals(Kinds.EVENT.apiVersion())) {
      entries.add(Entry.of(Kinds.EVENT, READING_VERBS));
    }
    for (Reviews.Review review : Reviews.ALL) {
      if (new GroupVersion(review.group(), review.version()).equals(groupVersion)) {
        entries.add(
            new Entry(
                review.plural(),
                review.kind().toLowerCase(Locale.ROOT),
                false,
                review.kind(),
                List.of("create"),
                List.of(),
                List.of(),
                List.of()));
      }
    }
    return entries;
  }

  /** The version of aggregated discovery that the client would rather have than the old form. */
  private static Optional<String> aggregatedVersion(Optional<String> accept) {
    for (MediaType type : MediaTypes.accepted(accept)) {
      boolean json = List.of(MediaTypes.JSON, "*/*", "application/*").contains(type.type());
      if (json && type.parameter("as").equals(AGGREGATED_KIND)) {
        String version = type.parameter("v");
        if (type.parameter("g").equals(AGGREGATED_GROUP)
            && (version.equals("v2") || version.equals("v2beta1"))) {
          return Optional.of(version);
        }
      } else if (json && type.parameter("as").isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Response aggregated(String version, boolean core) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", AGGREGATED_KIND).put("apiVersion", AGGREGATED_GROUP + "/" + version);
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    for (GroupVersion each : groupVersions) {
      if (each.group().isEmpty() == core) {
        ObjectNode item = items.addObject();
        ObjectNode metadata = item.putObject("metadata");
        if (!core) {
          metadata.put("name", each.group());
        }
        ObjectNode served = item.putArray("versions").addObject();
        served.put("version", each.version()).put("freshness", "Current");
        ArrayNode resources = served.putArray("resources");
        entries(each).forEach(entry -> resources.add(aggregated(each, entry)));
      }
    }
    String type =
        "%s;g=%s;v=%s;as=%s".formatted(MediaTypes.JSON, AGGREGATED_GROUP, version, AGGREGATED_KIND);
    return new Response.Whole(200, type, Bodies.json(list), List.of());
  }

  private static ObjectNode aggregated(GroupVersion groupVersion, Entry entry) {
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    resource.put("resource", entry.name());
    resource.set("responseKind", responseKind(groupVersion, entry));
    resource.put("scope", entry.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", entry.singular());
    addAll(resource.putArray("verbs"), entry.verbs());
    putUnlessEmpty(resource, "shortNames", entry.shortNames());
    putUnlessEmpty(resource, "categories", entry.categories());
    if (!entry.subresources().isEmpty()) {
      ArrayNode subresources = resource.putArray("subresources");
      for (String subresource : entry.subresources()) {
        ObjectNode part = subresources.addObject();
        part.put("subresource", subresource);
        part.set("responseKind", responseKind(groupVersion, entry));
        addAll(part.putArray("verbs"), STATUS_VERBS);
      }
    }
    return resource;
  }

  private static ObjectNode responseKind(GroupVersion groupVersion, Entry entry) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("group", groupVersion.group())
        .put("version", groupVersion.version())
        .put("kind", entry.kind());
  }

  private static void putUnlessEmpty(ObjectNode object, String field, List<String> values) {
    if (!values.isEmpty()) {
      addAll(object.putArray(field), values);
    }
  }

  private static void addAll(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
