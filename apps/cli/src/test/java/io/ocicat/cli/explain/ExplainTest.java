package io.ocicat.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.cli.TestCommandLine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code ocicat explain} with our own API. */
final class ExplainTest extends InShop {

  @Test
  void podsWithoutPolicyAreOpenToAll() throws IOException {
    JsonNode answer = json("shop/client", "shop/web", "--port", "80");
    assertThat(answer.path("verdict").asText()).isEqualTo("allow");
    assertThat(answer.path("fix").isNull()).isTrue();
    assertThat(decidedBy(answer).getLast()).isEqualTo("default allow");
  }

  @Test
  void namesTheDefaultDenyAndAPolicyThatWouldAllow() throws IOException {
    networkPolicy("deny-all", "{podSelector: {}, policyTypes: [Ingress]}");
    JsonNode answer = json("shop/client", "shop/web", "--port", "80");
    assertThat(answer.path("verdict").asText()).isEqualTo("deny");
    assertThat(decidedBy(answer))
        .containsExactly("ingress", "default", "NetworkPolicy", "shop", "deny-all", "default deny");
    JsonNode fix = answer.path("fix");
    assertThat(fix.path("kind").asText()).isEqualTo("NetworkPolicy");
    Path file = file("fix.json", fix.path("manifest").toString());
    JsonNode then = json("shop/client", "shop/web", "--port", "80", "-f", file.toString());
    assertThat(then.path("verdict").asText()).isEqualTo("allow");
    assertThat(then.at("/now/verdict").asText()).isEqualTo("deny");
    assertThat(json("shop/db", "shop/web", "--port", "80", "-f", file.toString()).path("verdict"))
        .hasToString("\"deny\"");
  }

  @Test
  void showsThePortThatIsMissingAndAddsIt() throws IOException {
    networkPolicy(
        "web",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 80}]}]}");
    TestCommandLine.Ran ran = explain("shop/client", "shop/web", "--port", "81");
    assertThat(ran.out())
        .isEqualTo(
            """
            DENIED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 81
              at the ingress of shop/web, by the default deny of tier default: NetworkPolicy shop/web applies, and no rule of it allows this

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✗ ingress of shop/web: denied
                tier default
                  NetworkPolicy shop/web
                    · spec.ingress[0].from[0] allow — no match: TCP 81 is not TCP 80 (spec.ingress[0].ports)
                  ✗ end of the tier: denied

            To allow it: add TCP 81 to spec.ingress[0].ports of NetworkPolicy shop/web
                  - op: add
                    path: /spec/ingress/0/ports/-
                    value:
                      protocol: TCP
                      port: 81

            Or: add a rule to NetworkPolicy shop/web that allows TCP 81 from Pod shop/client (spec.ingress[1])

            Or: create NetworkPolicy shop/allow-client-to-web for Pod shop/web that allows TCP 81 from Pod shop/client
            """);
  }

  @Test
  void showsTheLabelThatIsMissing() throws IOException {
    networkPolicy(
        "web",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {role: friend}}}]}]}");
    TestCommandLine.Ran ran = explain("shop/client", "shop/web", "--port", "81");
    assertThat(ran.out())
        .isEqualTo(
            """
            DENIED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 81
              at the ingress of shop/web, by the default deny of tier default: NetworkPolicy shop/web applies, and no rule of it allows this

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✗ ingress of shop/web: denied
                tier default
                  NetworkPolicy shop/web
                    · spec.ingress[0].from[0] allow — no match: pod shop/client has no label role, wanted role == "friend" (podSelector)
                  ✗ end of the tier: denied

            To allow it: label Pod shop/client with role=friend, as spec.ingress[0].from[0] of NetworkPolicy shop/web wants
                  - op: add
                    path: /metadata/labels/role
                    value: friend

            Or: add Pod shop/client to spec.ingress[0].from of NetworkPolicy shop/web

            Or: add a rule to NetworkPolicy shop/web that allows TCP 81 from Pod shop/client (spec.ingress[1])
            """);
  }

  @Test
  void explainsEgressAddressesAndNodes() throws IOException {
    networkPolicy(
        "out",
        "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]}");
    assertThat(json("shop/client", "192.0.2.1", "--port", "80").path("verdict").asText())
        .isEqualTo("allow");
    TestCommandLine.Ran ran = explain("10.0.0.1", "192.0.2.200", "--port", "80");
    assertThat(ran.out())
        .isEqualTo(
            """
            DENIED: shop/client (10.0.0.1) → 192.0.2.200, TCP 80
              at the egress of shop/client, by the default deny of tier default: NetworkPolicy shop/out applies, and no rule of it allows this

            ✗ egress of shop/client: denied
                tier default
                  NetworkPolicy shop/out
                    · spec.egress[0].to[0] allow — no match: 192.0.2.200 is in 192.0.2.128/25, which is left out (ipBlock.except)
                  ✗ end of the tier: denied

            To allow it: add 192.0.2.200 to spec.egress[0].to of NetworkPolicy shop/out
                  - op: add
                    path: /spec/egress/0/to/-
                    value:
                      ipBlock:
                        cidr: 192.0.2.200/32

            Or: add a rule to NetworkPolicy shop/out that allows TCP 80 to 192.0.2.200 (spec.egress[1])

            Or: create NetworkPolicy shop/allow-client-out-to-192-0-2-200 for Pod shop/client that allows TCP 80 to 192.0.2.200
            """);
    assertThat(json("node:n1", "shop/client", "--port", "80").path("verdict").asText())
        .isEqualTo("allow");
    assertThat(decidedBy(json("shop/client", "node:n1", "--port", "80")))
        .containsExactly("egress", "default", "NetworkPolicy", "shop", "out", "default deny");
  }

  @Test
  void refusesWhatIsNotThereAndWhatIsNoQuestion() {
    TestCommandLine.Ran unknown = explain("shop/nobody", "shop/web", "--port", "80");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("shop/nobody").contains("ocicat get pods -n shop");
    assertThat(explain("shop/client", "shop/web").status()).isEqualTo(2);
    assertThat(explain("shop/client", "a/b/c", "--port", "80").status()).isEqualTo(2);
    assertThat(explain("shop/client", "shop/web", "--port", "80", "--protocol", "x").status())
        .isEqualTo(2);
  }
}
