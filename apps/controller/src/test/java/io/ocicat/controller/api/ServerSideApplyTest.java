package io.ocicat.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.model.Kinds;
import io.ocicat.store.memory.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Target POD = Target.of(Kinds.POD, "default", "web");

  private final MemoryStore store = new MemoryStore();
  private final ResourceService resources =
      new ResourceService(store, InstantSource.fixed(Instant.EPOCH), new Random(1));

  ServerSideApplyTest() {
    resources.createPermanentObjects();
  }

  private static ObjectNode pod(String labels, String containers) {
    return json(
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':"
            + labels
            + "},'spec':{'containers':"
            + containers
            + "}}");
  }

  private static ObjectNode labels(String labels) {
    return json(
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','labels':" + labels + "}}");
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Change apply(String manager, ObjectNode configuration) {
    return resources.patch(POD, new Patch.Apply(configuration), WriteOptions.strict(manager));
  }

  private ApiStatus refused(String manager, ObjectNode configuration) {
    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> apply(manager, configuration));
    assertThat(refusal).isNotNull();
    return refusal.status();
  }

  private String labelsNow() {
    return resources.get(POD).at("/metadata/labels").toString().replace('"', '\'');
  }

  private String imagesNow() {
    StringBuilder images = new StringBuilder();
    for (var container : resources.get(POD).at("/spec/containers")) {
      images.append(container.path("name").asText()).append('=');
      images.append(container.path("image").asText()).append(' ');
    }
    return images.toString().strip();
  }

  @Test
  void createsAndThenRemovesWhatItNoLongerWants() {
    assertThat(apply("me", pod("{'a':'1','b':'2'}", "[{'name':'x','image':'i'}]")).created())
        .isTrue();
    Change second = apply("me", pod("{'a':'1'}", "[{'name':'y','image':'j'}]"));
    assertThat(second.created()).isFalse();
    assertThat(labelsNow()).isEqualTo("{'a':'1'}");
    assertThat(imagesNow()).isEqualTo("y=j");
  }

  @Test
  void theSameAgainChangesNothing() {
    ObjectNode pod = pod("{'a':'1'}", "[{'name':'x','image':'i'}]");
    apply("me", pod);
    long revision = store.currentRevision();
    apply("me", pod);
    assertThat(store.currentRevision()).isEqualTo(revision);
  }

  @Test
  void managersShareAnObjectEachWithFieldsOfItsOwn() {
    apply("one", pod("{'a':'1'}", "[{'name':'x','image':'i'}]"));
    apply("two", pod("{'b':'2'}", "[{'name':'side','image':'s'}]"));
    assertThat(labelsNow()).isEqualTo("{'a':'1','b':'2'}");
    assertThat(imagesNow()).isEqualTo("x=i side=s");
    apply("two", labels("{'c':'3'}"));
    assertThat(labelsNow()).isEqualTo("{'a':'1','c':'3'}");
    assertThat(imagesNow()).isEqualTo("x=i");
  }

  @Test
  void anotherValueForSomebodyElsesFieldIsAConflictUnlessForced() {
    apply("one", pod("{'a':'1'}", "[{'name':'x','image':'i'}]"));
    ApiStatus status = refused("two", pod("{'a':'9'}", "[{'name':'x','image':'j'}]"));
    assertThat(status.code()).isEqualTo(409);
    assertThat(status.causes())
        .extracting(ApiStatus.Cause::field)
        .containsExactly(".metadata.labels.a", ".spec.containers[name=\"x\"].image");
    assertThat(status.message()).startsWith("Apply failed with 2 conflicts: conflict with \"one\"");
    resources.patch(
        POD,
        new Patch.Apply(labels("{'a':'9'}")),
        new WriteOptions(false, FieldValidation.STRICT, "two", true));
    assertThat(labelsNow()).isEqualTo("{'a':'9'}");
    assertThat(refused("one", labels("{'a':'1'}")).causes())
        .extracting(ApiStatus.Cause::message)
        .containsExactly("conflict with \"two\"");
  }

  @Test
  void whatTwoWantStaysUntilNeitherDoes() {
    apply("one", pod("{'a':'1','b':'1'}", "[{'name':'x','image':'i'}]"));
    apply("two", labels("{'a':'1'}"));
    apply("one", pod("{}", "[{'name':'x','image':'i'}]"));
    assertThat(labelsNow()).isEqualTo("{'a':'1'}");
    apply("two", labels("{}"));
    assertThat(resources.get(POD).at("/metadata/labels").isMissingNode()).isTrue();
  }

  @Test
  void aPlainWriteTakesTheFieldsThatItChanges() {
    apply("one", pod("{'a':'1'}", "[{'name':'x','image':'i'}]"));
    resources.patch(
        POD,
        new Patch.Merge(json("{'metadata':{'labels':{'a':'2'}}}")),
        WriteOptions.strict("editor"));
    assertThat(refused("one", labels("{'a':'1'}")).causes())
        .extracting(ApiStatus.Cause::message)
        .containsExactly("conflict with \"editor\"");
  }

  @Test
  void anObjectFromBeforeBelongsToItsPast() {
    resources.create(
        Kinds.POD,
        "default",
        pod("{'a':'1'}", "[{'name':'x','image':'i'}]"),
        WriteOptions.strict("c"));
    assertThat(resources.get(POD).at("/metadata/managedFields").isMissingNode()).isTrue();
    assertThat(refused("me", labels("{'a':'2'}")).message()).contains("before-first-apply");
    apply("me", labels("{'a':'1','b':'2'}"));
    assertThat(labelsNow()).isEqualTo("{'a':'1','b':'2'}");
  }

  @Test
  void refusesAnApplyWithoutManagerOrKind() {
    ObjectNode pod = pod("{}", "[{'name':'x','image':'i'}]");
    assertThat(refused("", pod).message()).contains("fieldManager");
    pod.remove("kind");
    assertThat(refused("me", pod).message()).contains("kind must be set");
  }

  @Test
  void keepsPolicyRulesAsOneValue() {
    Target policy = Target.of(Kinds.NETWORK_POLICY, "default", "p");
    ObjectNode document =
        json(
            "{'apiVersion':'networking.k8s.io/v1','kind':'NetworkPolicy','metadata':{'name':'p'},"
                + "'spec':{'podSelector':{},'ingress':[{'ports':[{'port':80}]}]}}");
    resources.patch(policy, new Patch.Apply(document), WriteOptions.strict("me"));
    long revision = store.currentRevision();
    resources.patch(policy, new Patch.Apply(document), WriteOptions.strict("me"));
    resources.patch(policy, new Patch.Apply(document), WriteOptions.strict("other"));
    assertThat(resources.get(policy).at("/spec/ingress/0/ports/0/protocol").asText())
        .isEqualTo("TCP");
    assertThat(store.currentRevision()).isEqualTo(revision + 1);
  }
}
