package io.ocicat.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ResourceWatch.News;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.controller.api.select.FieldSelector;
import io.ocicat.model.Kinds;
import io.ocicat.selector.LabelSelector;
import io.ocicat.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResourceServiceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final WriteOptions STRICT = WriteOptions.strict("test");
  private static final WriteOptions DRY =
      new WriteOptions(true, FieldValidation.STRICT, "test", false);
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  private final MemoryStore store = new MemoryStore();
  private final ResourceService resources =
      new ResourceService(store, InstantSource.fixed(START), new Random(1));

  ResourceServiceTest() {
    resources.createPermanentObjects();
  }

  /** JSON with single quotes, for legibility. */
  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private ObjectNode createAccount(String namespace, String metadata) {
    return resources
        .create(Kinds.SERVICE_ACCOUNT, namespace, json("{'metadata':" + metadata + "}"), STRICT)
        .object();
  }

  private ObjectNode createPolicy() {
    return resources
        .create(
            Kinds.NETWORK_POLICY,
            "default",
            json("{'metadata':{'name':'p'},'spec':{'podSelector':{}}}"),
            STRICT)
        .object();
  }

  private static Target account(String name) {
    return Target.of(Kinds.SERVICE_ACCOUNT, "default", name);
  }

  private static Patch merge(String patch) {
    return new Patch.Merge(json(patch));
  }

  private static void refused(StatusReason reason, ThrowingCallable call, String... message) {
    ApiException refusal = catchThrowableOfType(ApiException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.status().reason()).isEqualTo(reason);
    for (String part : message) {
      assertThat(refusal.status().message()).contains(part);
    }
  }

  @Test
  void createGivesIdentityAndTheFirstRevision() {
    ObjectNode created = createAccount("default", "{'name':'a'}");
    assertThat(created.path("apiVersion").asText()).isEqualTo("v1");
    assertThat(created.path("kind").asText()).isEqualTo("ServiceAccount");
    ObjectNode metadata = (ObjectNode) created.get("metadata");
    assertThat(metadata.path("namespace").asText()).isEqualTo("default");
    assertThat(metadata.path("creationTimestamp").asText()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(metadata.path("uid").asText())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(metadata.path("resourceVersion").asText())
        .isEqualTo(Long.toString(store.currentRevision()));
    assertThat(resources.get(account("a"))).isEqualTo(created);
  }

  @Test
  void createMakesANameFromAPrefix() {
    String name =
        createAccount("default", "{'generateName':'bot-'}").path("metadata").path("name").asText();
    assertThat(name).matches("bot-[a-z0-9]{5}");
  }

  @Test
  void createRefusesWhatDoesNotFit() {
    createAccount("default", "{'name':'a'}");
    refused(
        StatusReason.ALREADY_EXISTS,
        () -> createAccount("default", "{'name':'a'}"),
        "serviceaccounts \"a\" already exists");
    refused(StatusReason.NOT_FOUND, () -> createAccount("none", "{'name':'a'}"), "\"none\"");
    refused(
        StatusReason.BAD_REQUEST,
        () -> createAccount("default", "{'name':'b','namespace':'other'}"),
        "namespace");
    refused(
        StatusReason.BAD_REQUEST,
        () -> createAccount("default", "{'name':'b','resourceVersion':'3'}"),
        "resourceVersion");
    refused(StatusReason.INVALID, () -> createAccount("default", "{}"), "metadata.name");
    refused(
        StatusReason.BAD_REQUEST,
        () -> resources.create(Kinds.POD, "default", json("{'kind':'Node'}"), STRICT),
        "kind");
  }

  @Test
  void dryRunAnswersAsIfAndChangesNothing() {
    long before = store.currentRevision();
    resources.create(Kinds.SERVICE_ACCOUNT, "default", json("{'metadata':{'name':'a'}}"), DRY);
    assertThat(store.currentRevision()).isEqualTo(before);
    createAccount("default", "{'name':'a'}");
    resources.patch(account("a"), merge("{'metadata':{'labels':{'x':'y'}}}"), DRY);
    assertThat(resources.get(account("a")).at("/metadata/labels").isMissingNode()).isTrue();
  }

  @Test
  void generationCountsChangesOfTheSpecAlone() {
    assertThat(createPolicy().at("/metadata/generation").asInt()).isEqualTo(1);
    Target policy = Target.of(Kinds.NETWORK_POLICY, "default", "p");
    assertThat(
            resources
                .patch(policy, merge("{'metadata':{'labels':{'a':'b'}}}"), STRICT)
                .object()
                .at("/metadata/generation")
                .asInt())
        .isEqualTo(1);
    assertThat(
            resources
                .patch(policy, merge("{'spec':{'policyTypes':['Ingress','Egress']}}"), STRICT)
                .object()
                .at("/metadata/generation")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void aWriteThatChangesNothingTakesNoRevision() {
    createPolicy();
    long before = store.currentRevision();
    resources.patch(
        Target.of(Kinds.NETWORK_POLICY, "default", "p"),
        merge("{'spec':{'policyTypes':['Ingress']}}"),
        STRICT);
    assertThat(store.currentRevision()).isEqualTo(before);
  }

  @Test
  void updateNeedsTheCurrentRevisionIfItNamesOne() {
    ObjectNode old = createAccount("default", "{'name':'a'}");
    resources.patch(account("a"), merge("{'metadata':{'labels':{'x':'1'}}}"), STRICT);
    refused(
        StatusReason.CONFLICT,
        () -> resources.update(account("a"), old, STRICT),
        "the object has been modified");
    resources.update(account("a"), json("{'metadata':{'name':'a','labels':{'x':'2'}}}"), STRICT);
    assertThat(resources.get(account("a")).at("/metadata/labels/x").asText()).isEqualTo("2");
    refused(
        StatusReason.CONFLICT,
        () -> resources.update(account("a"), json("{'metadata':{'name':'a','uid':'z'}}"), STRICT),
        "UID");
    refused(
        StatusReason.NOT_FOUND,
        () -> resources.update(account("b"), json("{'metadata':{'name':'b'}}"), STRICT));
  }

  @Test
  void statusAndTheRestAreWrittenApart() {
    resources.create(
        Kinds.POD,
        "default",
        json(
            "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]},"
                + "'status':{'podIP':'10.0.0.1'}}"),
        STRICT);
    Target pod = Target.of(Kinds.POD, "default", "p");
    assertThat(resources.get(pod).at("/status/podIP").isMissingNode()).isTrue();
    resources.patch(pod, merge("{'status':{'podIP':'10.0.0.1'}}"), STRICT);
    assertThat(resources.get(pod).at("/status/podIP").isMissingNode()).isTrue();
    resources.patch(
        Target.statusOf(Kinds.POD, "default", "p"),
        merge(
            "{'metadata':{'labels':{'a':'b'}},'spec':{'nodeName':'n'},'status':{'podIP':'10.0.0.1'}}"),
        STRICT);
    ObjectNode now = resources.get(pod);
    assertThat(now.at("/status/podIP").asText()).isEqualTo("10.0.0.1");
    assertThat(now.at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(now.at("/spec/nodeName").isMissingNode()).isTrue();
  }

  @Test
  void finalizersHoldAnObjectUntilTheyAreGone() {
    createAccount("default", "{'name':'a','finalizers':['example.org/wait']}");
    assertThat(resources.delete(account("a"), DeleteOptions.ANY).gone()).isFalse();
    assertThat(resources.get(account("a")).at("/metadata/deletionTimestamp").asText())
        .isEqualTo("2026-01-02T03:04:05Z");
    refused(
        StatusReason.INVALID,
        () ->
            resources.patch(
                account("a"),
                merge("{'metadata':{'finalizers':['example.org/wait','example.org/more']}}"),
                STRICT),
        "metadata.finalizers");
    resources.patch(account("a"), merge("{'metadata':{'finalizers':[]}}"), STRICT);
    refused(StatusReason.NOT_FOUND, () -> resources.get(account("a")));
  }

  @Test
  void deleteKeepsItsPreconditions() {
    ObjectNode created = createAccount("default", "{'name':'a'}");
    refused(
        StatusReason.CONFLICT,
        () -> resources.delete(account("a"), new DeleteOptions("other", "", false)));
    refused(
        StatusReason.CONFLICT,
        () -> resources.delete(account("a"), new DeleteOptions("", "999", false)));
    String uid = created.at("/metadata/uid").asText();
    assertThat(resources.delete(account("a"), new DeleteOptions(uid, "", false)).gone()).isTrue();
  }

  @Test
  void aNamespaceThatIsGoingTakesNothingInAndEndsWithItsLastObject() {
    resources.create(Kinds.NAMESPACE, "", json("{'metadata':{'name':'team'}}"), STRICT);
    createAccount("team", "{'name':'a','finalizers':['example.org/wait']}");
    createAccount("team", "{'name':'b'}");
    Target team = Target.of(Kinds.NAMESPACE, "", "team");
    assertThat(resources.delete(team, DeleteOptions.ANY).gone()).isFalse();
    assertThat(resources.get(team).at("/status/phase").asText()).isEqualTo("Terminating");
    refused(
        StatusReason.NOT_FOUND, () -> resources.get(Target.of(Kinds.SERVICE_ACCOUNT, "team", "b")));
    refused(
        StatusReason.FORBIDDEN, () -> createAccount("team", "{'name':'c'}"), "being terminated");
    resources.patch(
        Target.of(Kinds.SERVICE_ACCOUNT, "team", "a"),
        merge("{'metadata':{'finalizers':null}}"),
        STRICT);
    refused(StatusReason.NOT_FOUND, () -> resources.get(team));
  }

  @Test
  void unknownFieldsAreRefusedOrDroppedWithAWarning() {
    ObjectNode misspelt = json("{'metadata':{'name':'p'},'spec':{'podSelctor':{}}}");
    refused(
        StatusReason.BAD_REQUEST,
        () -> resources.create(Kinds.NETWORK_POLICY, "default", misspelt, STRICT),
        "unknown field \"spec.podSelctor\"",
        "did you mean \"podSelector\"?");
    Change change =
        resources.create(
            Kinds.NETWORK_POLICY,
            "default",
            misspelt,
            new WriteOptions(false, FieldValidation.WARN, "", false));
    assertThat(change.warnings()).singleElement().asString().contains("spec.podSelctor");
    assertThat(change.object().at("/spec/podSelctor").isMissingNode()).isTrue();
  }

  @Test
  void listsInPagesOfOneState() {
    for (String name : List.of("a", "b", "c", "d")) {
      createAccount("default", "{'name':'" + name + "','labels':{'n':'" + name + "'}}");
    }
    Query query =
        new Query(
            Kinds.SERVICE_ACCOUNT,
            "default",
            LabelSelector.parse("n!=b"),
            FieldSelector.EVERYTHING);
    ResourceList first = resources.list(query, new ListOptions(2, "", "", false));
    assertThat(names(first)).containsExactly("a", "c");
    createAccount("default", "{'name':'e'}");
    ResourceList second =
        resources.list(query, new ListOptions(2, first.continueToken(), "", false));
    assertThat(names(second)).containsExactly("d");
    assertThat(second.revision()).isEqualTo(first.revision());
    store.compact(store.currentRevision());
    refused(
        StatusReason.EXPIRED,
        () -> resources.list(query, new ListOptions(2, first.continueToken(), "", false)));
    refused(
        StatusReason.BAD_REQUEST, () -> resources.list(query, new ListOptions(2, "x", "", false)));
    refused(
        StatusReason.TIMEOUT,
        () -> resources.list(query, new ListOptions(0, "", "1000000", false)));
  }

  private static List<String> names(ResourceList list) {
    return list.items().stream().map(item -> item.at("/metadata/name").asText()).toList();
  }

  @Test
  void aWatchSeesObjectsEnterAndLeaveItsSelection() throws InterruptedException {
    Query query =
        new Query(
            Kinds.SERVICE_ACCOUNT, "", LabelSelector.parse("in=yes"), FieldSelector.EVERYTHING);
    try (ResourceWatch watch = resources.watch(query, store.currentRevision())) {
      createAccount("default", "{'name':'a'}");
      label("a", "yes");
      resources.patch(account("a"), merge("{'metadata':{'labels':{'x':'1'}}}"), STRICT);
      label("a", "no");
      label("a", "yes");
      resources.delete(account("a"), DeleteOptions.ANY);
      createAccount("default", "{'name':'end','labels':{'in':'yes'}}");
      List<ResourceEvent> seen = new ArrayList<>();
      while (seen.isEmpty()
          || !seen.getLast().object().at("/metadata/name").asText().equals("end")) {
        if (watch.next(Duration.ofSeconds(10)) instanceof News.Events events) {
          seen.addAll(events.events());
        }
      }
      assertThat(seen)
          .extracting(ResourceEvent::type)
          .containsExactly(
              ResourceEvent.Type.ADDED,
              ResourceEvent.Type.MODIFIED,
              ResourceEvent.Type.DELETED,
              ResourceEvent.Type.ADDED,
              ResourceEvent.Type.DELETED,
              ResourceEvent.Type.ADDED);
      assertThat(seen.get(2).object().at("/metadata/labels/in").asText()).isEqualTo("yes");
      assertThat(seen)
          .extracting(
              event -> Long.parseLong(event.object().at("/metadata/resourceVersion").asText()))
          .isSorted();
    }
  }

  private void label(String name, String value) {
    resources.patch(account(name), merge("{'metadata':{'labels':{'in':'" + value + "'}}}"), STRICT);
  }

  @Test
  void noPatchIsLostAmongManyAtOnce() throws Exception {
    createAccount("default", "{'name':'a'}");
    List<Callable<Change>> patches = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Patch patch = merge("{'metadata':{'labels':{'l" + i + "':'x'}}}");
      patches.add(() -> resources.patch(account("a"), patch, STRICT));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Change> each : threads.invokeAll(patches)) {
        each.get();
      }
    }
    assertThat(resources.get(account("a")).at("/metadata/labels").size()).isEqualTo(16);
  }
}
