package io.ocicat.controller.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestPathTest {

  private static Optional<RequestPath> parse(String path) {
    return RequestPath.parse(List.of(path.split("/")));
  }

  @Test
  void readsEveryForm() {
    assertThat(parse("api/v1/pods")).contains(new RequestPath("", "v1", "", "pods", "", ""));
    assertThat(parse("api/v1/namespaces/a/pods/b/status"))
        .contains(new RequestPath("", "v1", "a", "pods", "b", "status"));
    assertThat(parse("api/v1/namespaces/a"))
        .contains(new RequestPath("", "v1", "", "namespaces", "a", ""));
    assertThat(parse("api/v1/namespaces/a/status"))
        .contains(new RequestPath("", "v1", "", "namespaces", "a", "status"));
    assertThat(parse("apis/networking.k8s.io/v1/namespaces/a/networkpolicies/b"))
        .contains(new RequestPath("networking.k8s.io", "v1", "a", "networkpolicies", "b", ""));
    assertThat(parse("apis/projectcalico.org/v3/ippools/p"))
        .contains(new RequestPath("projectcalico.org", "v3", "", "ippools", "p", ""));
  }

  @Test
  void refusesWhatIsNoResource() {
    assertThat(parse("api/v1")).isEmpty();
    assertThat(parse("apis/networking.k8s.io/v1")).isEmpty();
    assertThat(parse("version")).isEmpty();
    assertThat(parse("api/v1/nodes/a/b/c")).isEmpty();
  }
}
