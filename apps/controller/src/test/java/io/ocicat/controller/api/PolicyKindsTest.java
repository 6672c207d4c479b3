package io.ocicat.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.Profile;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Tier;
import io.ocicat.store.memory.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the API makes of the kinds that policy is made of. */
@Timeout(30)
class PolicyKindsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final WriteOptions STRICT = WriteOptions.strict("test");

  private final MemoryStore store = new MemoryStore();
  private final ResourceService resources =
      new ResourceService(
          store, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), new Random(1));

  PolicyKindsTest() {
    resources.createPermanentObjects();
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Change create(ResourceKind kind, String name, String spec) {
    return resources.create(
        kind,
        kind.namespaced() ? "default" : "",
        json("{'metadata':{'name':'%s'},'spec':%s}".formatted(name, spec)),
        STRICT);
  }

  private ApiStatus refused(ThrowingCallable call) {
    long before = store.currentRevision();
    ApiException refusal = catchThrowableOfType(ApiException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(store.currentRevision()).as("a refusal changes nothing").isEqualTo(before);
    return refusal.status();
  }

  @Test
  void theThreeTiersExistFromTheStartAndStayAsTheyAre() {
    assertThat(Tier.PERMANENT).hasSize(3);
    for (Tier tier : Tier.PERMANENT) {
      Target target = Target.of(Kinds.TIER, "", tier.name());
      ObjectNode stored = resources.get(target);
      assertThat(Tier.read(stored).order()).isEqualTo(tier.order());
      assertThat(Tier.read(stored).defaultAction()).isEqualTo(tier.defaultAction());
      assertThat(refused(() -> resources.delete(target, DeleteOptions.ANY)).message())
          .isEqualTo(
              "tiers.projectcalico.org \"%s\" is forbidden: this tier may not be deleted"
                  .formatted(tier.name()));
      ObjectNode changed = stored.deepCopy();
      changed.withObject("/spec").put("order", 5);
      assertThat(refused(() -> resources.update(target, changed, STRICT)).message())
          .contains("spec.order: Invalid value: 5: must be");
    }
    long before = store.currentRevision();
    resources.createPermanentObjects();
    assertThat(store.currentRevision()).isEqualTo(before);
  }

  @Test
  void profilesOfNamespacesAndServiceAccountsAreReadAndNeverWritten() {
    resources.create(
        Kinds.NAMESPACE, "", json("{'metadata':{'name':'shop','labels':{'team':'a'}}}"), STRICT);
    resources.create(
        Kinds.SERVICE_ACCOUNT,
        "shop",
        json("{'metadata':{'name':'web.front','labels':{'role':'b'}}}"),
        STRICT);
    create(Kinds.PROFILE, "mine", "{'labelsToApply':{'c':'d'}}");
    Target ofNamespace = Target.of(Kinds.PROFILE, "", "kns.shop");
    ObjectNode profile = resources.get(ofNamespace);
    assertThat(profile.at("/spec/ingress/0/action").asText()).isEqualTo("Allow");
    assertThat(profile.at("/spec/egress/0/action").asText()).isEqualTo("Allow");
    assertThat(Profile.read(profile).labelsToApply().asMap())
        .containsEntry("pcns.team", "a")
        .containsEntry("pcns.projectcalico.org/name", "shop");
    ObjectNode account = resources.get(Target.of(Kinds.PROFILE, "", "ksa.shop.web.front"));
    assertThat(account.at("/spec").has("ingress")).isFalse();
    assertThat(Profile.read(account).labelsToApply().asMap())
        .containsEntry("pcsa.role", "b")
        .containsEntry("pcsa.projectcalico.org/name", "web.front");
    assertThat(resources.list(Query.all(Kinds.PROFILE), ListOptions.ALL).items())
        .extracting(each -> each.at("/metadata/name").asText())
        .containsExactly(
            "kns.default", "kns.kube-system", "kns.shop", "ksa.shop.web.front", "mine");
    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> create(Kinds.PROFILE, "kns.other", "{}"),
            () -> resources.update(ofNamespace, profile, STRICT),
            () -> resources.delete(ofNamespace, DeleteOptions.ANY))) {
      assertThat(refused(write).message())
          .contains("is forbidden: profiles of this name follow from namespaces");
    }
    assertThat(resources.deleteAll(Query.all(Kinds.PROFILE), DeleteOptions.ANY)).hasSize(1);
    assertThat(
            refused(() -> resources.get(Target.of(Kinds.PROFILE, "", "ksa.shop.nobody"))).reason())
        .isEqualTo(StatusReason.NOT_FOUND);
  }

  @Test
  void aTierStaysWhileAPolicyIsInIt() {
    create(Kinds.TIER, "platform", "{'order':5}");
    create(Kinds.STAGED_NETWORK_POLICY, "one", "{'tier':'platform'}");
    Target tier = Target.of(Kinds.TIER, "", "platform");
    assertThat(refused(() -> resources.delete(tier, DeleteOptions.ANY)).message())
        .contains(
            "policies are in it, stagednetworkpolicies.projectcalico.org/default/one for one");
    resources.delete(Target.of(Kinds.STAGED_NETWORK_POLICY, "default", "one"), DeleteOptions.ANY);
    resources.delete(tier, DeleteOptions.ANY);
  }

  @Test
  void aPolicyNeedsItsTier() {
    assertThat(
            refused(() -> create(Kinds.GLOBAL_NETWORK_POLICY, "one", "{'tier':'defualt'}"))
                .message())
        .contains(
            "spec.tier: Invalid value: \"defualt\": there is no such tier; create it first, or did"
                + " you mean \"default\"?");
  }

  @Test
  void fillsInTierTypesAndTheLabelOfTheTier() {
    ObjectNode policy =
        create(
                Kinds.CALICO_NETWORK_POLICY,
                "one",
                "{'selector':'','serviceAccountSelector':'','egress':[{'action':'Deny','source':null}]}")
            .object();
    assertThat(policy.at("/spec/tier").asText()).isEqualTo("default");
    assertThat(policy.at("/spec/types").toString()).isEqualTo("[\"Egress\"]");
    assertThat(policy.at("/metadata/labels").toString())
        .isEqualTo("{\"projectcalico.org/tier\":\"default\"}");
  }

  @Test
  void aBadManifestGetsAllItsProblemsAndChangesNothing() {
    ApiStatus status =
        refused(
            () ->
                create(
                    Kinds.GLOBAL_NETWORK_POLICY,
                    "one",
                    """
                    {'tier':'none','selector':'a =','doNotTrack':true,
                     'ingress':[{'action':'Alow','protocol':'tcp','source':{'nets':['10.0.0.1/8'],'ports':[0]}}]}
                    """));
    assertThat(status.causes())
        .extracting(ApiStatus.Cause::field)
        .containsExactlyInAnyOrder(
            "spec.tier",
            "spec.selector",
            "spec.applyOnForward",
            "spec.ingress[0].action",
            "spec.ingress[0].protocol",
            "spec.ingress[0].source.nets[0]",
            "spec.ingress[0].source.ports[0]");
  }

  @Test
  void complainsOfNoKindButOfWhatOfItHasNoEffect() {
    for (ResourceKind kind :
        List.of(
            Kinds.CALICO_NETWORK_POLICY,
            Kinds.GLOBAL_NETWORK_POLICY,
            Kinds.STAGED_GLOBAL_NETWORK_POLICY,
            Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
            Kinds.STAGED_NETWORK_POLICY,
            Kinds.NETWORK_SET,
            Kinds.GLOBAL_NETWORK_SET,
            Kinds.TIER)) {
      assertThat(create(kind, "one", "{}").warnings()).as(kind.kind()).isEmpty();
    }
    assertThat(
            create(
                    Kinds.CALICO_NETWORK_POLICY,
                    "two",
                    "{'ingress':[{'action':'Allow','http':{'methods':['GET']}}]}")
                .warnings())
        .anyMatch(warning -> warning.startsWith("spec.ingress[0].http: accepted, but requests"));
  }

  @Test
  void saysOnceWhatOfAPolicyWillNotHoldAsItIsWritten() {
    assertThat(
            create(
                    Kinds.CLUSTER_NETWORK_POLICY,
                    "closed",
                    """
                    {'tier':'Admin','priority':1,'subject':{'namespaces':{}},
                     'egress':[{'action':'Deny','to':[{'nodes':{}}]},
                               {'action':'Accept','to':[{'domainNames':['example.org']}]}]}
                    """)
                .warnings())
        .anyMatch(warning -> warning.startsWith("spec.egress[0]: denies everything"))
        .filteredOn(warning -> warning.startsWith("spec.egress[1]"))
        .hasSize(1);
  }
}
