package io.ocicat.sync.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAuthorityTest {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity.Node NODE = new Identity.Node("node-1.example");

  private final Path directory;
  private final ClusterAuthority authority;

  ClusterAuthorityTest(@TempDir Path directory) {
    this.directory = directory;
    this.authority = ClusterAuthority.loadOrCreate(directory, CLOCK, RANDOM);
  }

  @Test
  void isTheSameAfterARestart() {
    assertThat(ClusterAuthority.loadOrCreate(directory, CLOCK, RANDOM).pin())
        .isEqualTo(authority.pin());
  }

  @Test
  void keepsItsKeyToItself() throws IOException {
    assertThat(Files.getPosixFilePermissions(directory.resolve("ca.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void refusesToBecomeAnotherWhenItsKeyIsLost() throws IOException {
    Files.delete(directory.resolve("ca.key"));
    assertThatThrownBy(() -> ClusterAuthority.loadOrCreate(directory, CLOCK, RANDOM))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("ca.key")
        .hasMessageContaining("restore it");
  }

  @Test
  void beginsAnewWhenItsCreationWasCutShort() throws IOException {
    Files.delete(directory.resolve("ca.crt"));
    assertThat(ClusterAuthority.loadOrCreate(directory, CLOCK, RANDOM).certificate()).isNotNull();
  }

  @Test
  void issuesWhatItsOwnKeyVerifiesAndTheSubjectSays() throws Exception {
    KeyPair key = CertificateRequest.newKey(RANDOM);
    byte[] request = CertificateRequest.forNode(NODE, key);
    assertThat(ClusterAuthority.requester(request)).contains(NODE);
    List<X509Certificate> chain = authority.issueNode(NODE, request, ClusterAuthority.NODE_LIFE);
    assertThat(chain).hasSize(2).last().isEqualTo(authority.certificate());
    X509Certificate leaf = chain.getFirst();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getPublicKey()).isEqualTo(key.getPublic());
    assertThat(Identity.of(leaf.getSubjectX500Principal())).contains(NODE);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getNotAfter().toInstant())
        .isBefore(Instant.now().plus(ClusterAuthority.NODE_LIFE).plus(Duration.ofMinutes(1)));
  }

  @Test
  void takesNoRequestThatAnotherKeySigned() {
    byte[] request = CertificateRequest.forNode(NODE, CertificateRequest.newKey(RANDOM));
    request[request.length - 3] ^= 1;
    assertThat(ClusterAuthority.requester(request)).isEmpty();
    assertThat(ClusterAuthority.requester(new byte[] {1, 2, 3})).isEmpty();
  }

  @Test
  void serversAreNamedAndNoClients() throws Exception {
    KeyedCertificate server =
        authority.issueServer(List.of("localhost"), List.of(IpAddress.parse("::1")));
    assertThat(server.leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(server.leaf().getSubjectAlternativeNames()).hasSize(2);
    assertThat(Identity.of(server.leaf().getSubjectX500Principal())).isEmpty();
  }

  @Test
  void administratorsAreNoNodes() {
    KeyedCertificate administrator =
        authority.issueAdministrator(new Identity.Administrator("alice"));
    assertThat(Identity.of(administrator.leaf().getSubjectX500Principal()))
        .contains(new Identity.Administrator("alice"));
  }

  @Test
  void credentialsSurviveInFilesForTheirNodeWhileTheyAreValid() {
    KeyPair key = CertificateRequest.newKey(RANDOM);
    KeyedCertificate issued =
        new KeyedCertificate(
            key.getPrivate(),
            authority.issueNode(
                NODE, CertificateRequest.forNode(NODE, key), ClusterAuthority.NODE_LIFE));
    NodeCredentials.store(directory, issued);
    assertThat(NodeCredentials.load(directory, NODE, Instant.now()))
        .map(NodeCredentials::current)
        .contains(issued);
    assertThat(NodeCredentials.load(directory, new Identity.Node("other"), Instant.now()))
        .isEmpty();
    assertThat(
            NodeCredentials.load(
                directory, NODE, Instant.now().plus(ClusterAuthority.NODE_LIFE.plusDays(1))))
        .isEmpty();
    assertThat(issued.renewAt())
        .isBetween(
            Instant.now().plus(Duration.ofDays(14)), Instant.now().plus(Duration.ofDays(16)));
  }

  @Test
  void theTokenIsReadAsItWasWrittenAndItsSecretKept() {
    JoinToken token = JoinToken.create(RANDOM, authority);
    assertThat(JoinToken.parse(token.text() + "\n")).isEqualTo(token);
    assertThat(token.matches(token.credential())).isTrue();
    assertThat(token.matches(token.id() + ".wrong")).isFalse();
    assertThat(token.toString()).doesNotContain(token.secret());
    assertThatThrownBy(() -> JoinToken.parse("abcdef.1234"))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("join-token");
  }

  @Test
  void thePinTrustsThisAuthorityAlone() throws Exception {
    X509Certificate[] chain =
        authority
            .issueServer(List.of("localhost"), List.of())
            .chain()
            .toArray(X509Certificate[]::new);
    new PinnedTrust(authority.pin()).checkServerTrusted(chain, "ECDHE_ECDSA");
    PinnedTrust other = new PinnedTrust("sha256:" + "0".repeat(64));
    assertThatThrownBy(() -> other.checkServerTrusted(chain, "ECDHE_ECDSA"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("join token");
  }

  @Test
  void aForeignServerThatShowsThePinnedAuthorityIsNotTrusted(@TempDir Path elsewhere) {
    ClusterAuthority foreign = ClusterAuthority.loadOrCreate(elsewhere, CLOCK, RANDOM);
    X509Certificate leaf = foreign.issueServer(List.of("localhost"), List.of()).leaf();
    X509Certificate[] chain = {leaf, authority.certificate()};
    assertThatThrownBy(
            () -> new PinnedTrust(authority.pin()).checkServerTrusted(chain, "ECDHE_ECDSA"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void namesThatAreNoneAreRefused() {
    for (String name : List.of("", "Node", "a b", "-a", "x".repeat(65))) {
      assertThatThrownBy(() -> new Identity.Node(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Optional.of(new Identity.Node("x".repeat(64)))).isPresent();
  }
}
