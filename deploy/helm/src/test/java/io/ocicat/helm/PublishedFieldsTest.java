package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every field of what the chart renders is one that a current Kubernetes publishes, with a value of
 * its type: classes made from the published OpenAPI documents take it, and have no place for
 * others. What an old server says is {@link ManifestsIT}'s.
 */
class PublishedFieldsTest {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "apps/v1/DaemonSet", DaemonSet.class,
          "apps/v1/Deployment", Deployment.class,
          "batch/v1/Job", Job.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class,
          "rbac.authorization.k8s.io/v1/ClusterRoleBinding", ClusterRoleBinding.class,
          "rbac.authorization.k8s.io/v1/Role", Role.class,
          "rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class);

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NothingElse())
          .build();

  /** The classes would keep what they do not know. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  private static void judge(ObjectNode document) throws Exception {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    // Pools are judged by their own definition.
    if (!kind.equals("projectcalico.org/v3/IPPool")) {
      assertThat(KINDS).containsKey(kind);
      assertThat(STRICT.treeToValue(document, KINDS.get(kind))).isNotNull();
    }
  }

  @Test
  void everyFieldIsOneThatKubernetesHas() {
    Map<String, Object> all =
        Map.of(
            "agent.nodeAddresses.ipv4", "first-found",
            "controller.apiServer.host", "192.0.2.9",
            "image.pullSecrets[0].name", "s");
    for (Map<String, Object> values : List.of(Map.<String, Object>of(), all)) {
      List<ObjectNode> documents = new ArrayList<>(Chart.render("v1.34.0", values));
      documents.addAll(Chart.hooks("v1.34.0", values));
      documents.add(Chart.cleanup("v1.34.0", values));
      assertThat(documents).hasSizeGreaterThan(10);
      for (ObjectNode document : documents) {
        assertThatCode(() -> judge(document)).as("%s", document).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void aMistypedFieldIsSeen() {
    ObjectNode agent = Chart.cleanup("v1.34.0", Map.of());
    agent.withObject("/spec/template/spec").put("hostNetwrok", true);
    assertThatThrownBy(() -> judge(agent)).hasMessageContaining("hostNetwrok");
    ObjectNode other = Chart.cleanup("v1.34.0", Map.of());
    other.withObject("/spec/template/spec").put("terminationGracePeriodSeconds", "soon");
    assertThatThrownBy(() -> judge(other)).hasMessageContaining("soon");
  }
}
