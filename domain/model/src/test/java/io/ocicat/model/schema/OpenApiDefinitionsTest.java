package io.ocicat.model.schema;

import static io.ocicat.model.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.OpenApiDefinitions.Version;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenApiDefinitionsTest {
  @ParameterizedTest
  @EnumSource(Version.class)
  void everyReferenceLeadsToADefinition(Version version) {
    ObjectNode definitions = OpenApiDefinitions.of(version, Kinds.all());
    List<String> references = definitions.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      String name = reference.substring(version.reference("").length());
      assertThat(version.reference(name)).isEqualTo(reference);
      assertThat(definitions.has(name)).as(name).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void everyKindAndItsListAreMarked(Version version) {
    ObjectNode definitions = OpenApiDefinitions.of(version, Kinds.all());
    for (ResourceKind kind : Kinds.all()) {
      JsonNode mark =
          definitions
              .path(OpenApiDefinitions.nameOf(kind))
              .path("x-kubernetes-group-version-kind")
              .path(0);
      assertThat(mark)
          .isEqualTo(
              json(
                  "{group: '%s', version: '%s', kind: '%s'}"
                      .formatted(kind.group(), kind.version(), kind.kind())));
      assertThat(definitions.has(OpenApiDefinitions.nameOfList(kind))).isTrue();
    }
  }

  @Test
  void tellsHowListsMerge() {
    ObjectNode definitions = OpenApiDefinitions.of(Version.V2, List.of(Kinds.POD));
    JsonNode containers = definitions.at("/io.k8s.api.core.v1.PodSpec/properties/containers");
    assertThat(containers.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("name");
    assertThat(containers.path("x-kubernetes-patch-strategy").asText()).isEqualTo("merge");
    assertThat(
            definitions
                .at("/io.k8s.api.core.v1.PodSpec/x-kubernetes-preserve-unknown-fields")
                .asBoolean())
        .isTrue();
  }

  @Test
  void everyFieldIsDescribed() {
    for (ResourceKind kind : Kinds.all()) {
      describes(Schemas.of(kind));
    }
  }

  private static void describes(Schema schema) {
    switch (schema) {
      case Schema.Struct struct -> {
        assertThat(struct.description()).endsWith(".");
        struct
            .fields()
            .values()
            .forEach(
                field -> {
                  assertThat(field.description()).as(field.name()).endsWith(".");
                  describes(field.schema());
                });
      }
      case Schema.Listing listing -> describes(listing.items());
      case Schema.Mapping mapping -> describes(mapping.values());
      case Schema.Text _,
          Schema.Whole _,
          Schema.Real _,
          Schema.Flag _,
          Schema.NumberOrName _,
          Schema.Anything _ -> {}
    }
  }
}
