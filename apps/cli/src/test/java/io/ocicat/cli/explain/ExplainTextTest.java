package io.ocicat.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people read of the answers that they get most, to the letter. */
final class ExplainTextTest extends InShop {

  @BeforeEach
  void createTiers() {
    api()
        .create(
            """
            apiVersion: projectcalico.org/v3
            kind: Tier
            metadata: {name: security}
            spec: {order: 100}
            """);
  }

  private void global(String name, String spec) {
    api()
        .create(
            "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: %s}, spec: %s}"
                .formatted(name, spec));
  }

  @Test
  void allowedByARule() {
    networkPolicy(
        "web",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 80}]}]}");
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            ALLOWED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by spec.ingress[0].from[0] of NetworkPolicy shop/web in tier default

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✓ ingress of shop/web: allowed
                tier default
                  NetworkPolicy shop/web
                    ✓ spec.ingress[0].from[0] allow — pod shop/client is in namespace shop; pod shop/client has app=client; TCP 80
            """);
  }

  @Test
  void allowedWhereNoPolicyIs() {
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            ALLOWED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by the default: pods are open where no policy decides

            ✓ egress of shop/client: allowed
                no policy applies: allowed

            ✓ ingress of shop/web: allowed
                no policy applies: allowed
            """);
  }

  @Test
  void deniedByARuleForARange() {
    global(
        "security.range",
        "{tier: security, selector: app == 'web', types: [Ingress], ingress: [{action: Deny, protocol: TCP, source: {nets: [10.0.1.0/24, 192.0.2.0/24]}}, {action: Pass}]}");
    assertThat(explain("other/guest", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            DENIED: other/guest (10.0.1.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by spec.ingress[0] of GlobalNetworkPolicy security.range in tier security

            ✓ egress of other/guest: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✗ ingress of shop/web: denied
                tier security
                  GlobalNetworkPolicy security.range
                    ✗ spec.ingress[0] deny — 10.0.1.1 is in 10.0.1.0/24; TCP
                    · spec.ingress[1] pass — not asked

            To allow it: add a rule to GlobalNetworkPolicy security.range that allows TCP 80 from Pod other/guest (spec.ingress[0])
                  - op: add
                    path: /spec/ingress/0
                    value:
                      action: Allow
                      protocol: TCP
                      source:
                        selector: app == "guest"
                        namespaceSelector: projectcalico.org/name == "other"
                      destination:
                        ports:
                          - 80
            """);
  }

  @Test
  void passedOnToTheNextTier() {
    global(
        "security.pass",
        "{tier: security, selector: app == 'web', types: [Ingress], ingress: [{action: Log, protocol: TCP}, {action: Pass, source: {selector: app == 'client'}}]}");
    networkPolicy(
        "web",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}");
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            ALLOWED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by spec.ingress[0].from[0] of NetworkPolicy shop/web in tier default

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (2 other policies are not for this pod, or not its egress)

            ✓ ingress of shop/web: allowed
                tier security
                  GlobalNetworkPolicy security.pass
                    · spec.ingress[0] log — TCP
                    · spec.ingress[1] pass — pod shop/client has app=client
                  · on to the next tier
                tier default
                  NetworkPolicy shop/web
                    ✓ spec.ingress[0].from[0] allow — pod shop/client is in namespace shop; TCP 80
            """);
  }

  @Test
  void deniedAtTheEndOfATier() {
    global(
        "security.some",
        "{tier: security, selector: \"app in {'web', 'db'}\", types: [Ingress], ingress: [{action: Allow, protocol: UDP}]}");
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            DENIED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by the default deny of tier security: GlobalNetworkPolicy security.some applies, and no rule of it allows this

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✗ ingress of shop/web: denied
                tier security
                  GlobalNetworkPolicy security.some
                    · spec.ingress[0] allow — no match: TCP is not UDP (protocol)
                  ✗ end of the tier: denied

            To allow it: add a rule to GlobalNetworkPolicy security.some that allows TCP 80 from Pod shop/client (spec.ingress[1])
                  - op: add
                    path: /spec/ingress/-
                    value:
                      action: Allow
                      protocol: TCP
                      source:
                        selector: app == "client"
                        namespaceSelector: projectcalico.org/name == "shop"
                      destination:
                        ports:
                          - 80

            Or: create NetworkPolicy shop/security.allow-client-to-web for Pod shop/web that allows TCP 80 from Pod shop/client
            """);
  }

  @Test
  void allowedByTheNameOfAPort() {
    networkPolicy(
        "web", "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}");
    assertThat(explain("shop/client", "shop/web", "--port", "8080").out())
        .isEqualTo(
            """
            ALLOWED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 8080
              at the ingress of shop/web, by spec.ingress[0] of NetworkPolicy shop/web in tier default

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✓ ingress of shop/web: allowed
                tier default
                  NetworkPolicy shop/web
                    ✓ spec.ingress[0] allow — TCP 8080 is TCP "http"
            """);
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            DENIED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by the default deny of tier default: NetworkPolicy shop/web applies, and no rule of it allows this

            ✓ egress of shop/client: allowed
                no policy applies: allowed
                (1 other policy is not for this pod, or not its egress)

            ✗ ingress of shop/web: denied
                tier default
                  NetworkPolicy shop/web
                    · spec.ingress[0] allow — no match: TCP 80 is not TCP "http" (8080) (ports)
                  ✗ end of the tier: denied

            To allow it: add TCP 80 to spec.ingress[0].ports of NetworkPolicy shop/web
                  - op: add
                    path: /spec/ingress/0/ports/-
                    value:
                      protocol: TCP
                      port: 80

            Or: add a rule to NetworkPolicy shop/web that allows TCP 80 from Pod shop/client (spec.ingress[1])

            Or: create NetworkPolicy shop/allow-client-to-web for Pod shop/web that allows TCP 80 from Pod shop/client
            """);
  }

  @Test
  void stagedPoliciesWouldDeny() {
    api()
        .create(
            """
            apiVersion: projectcalico.org/v3
            kind: StagedNetworkPolicy
            metadata: {name: closed, namespace: shop}
            spec: {selector: app == 'web', types: [Ingress]}
            """);
    assertThat(explain("shop/client", "shop/web", "--port", "80").out())
        .isEqualTo(
            """
            ALLOWED: shop/client (10.0.0.1) → shop/web (10.0.0.2), TCP 80
              at the ingress of shop/web, by the default: pods are open where no policy decides

            ✓ egress of shop/client: allowed
                no policy applies: allowed

            ✓ ingress of shop/web: allowed
                no policy applies: allowed
              staged policies would deny it: by the default deny of tier default: StagedNetworkPolicy shop/closed applies, and no rule of it allows this
                tier default, with staged policies
                  StagedNetworkPolicy shop/closed
                    · has no rule: it isolates
                  ✗ end of the tier: denied
            """);
  }

  @Test
  void noSuchPod() {
    assertThat(explain("shop/client", "shop/wbe", "--port", "80").err())
        .isEqualTo(
            """
            ocicat: find pod shop/wbe: there is none of that name; 'ocicat get pods -n shop' lists those of the namespace
            """);
  }
}
