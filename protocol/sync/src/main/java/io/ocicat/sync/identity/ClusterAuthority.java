package io.ocicat.sync.identity;

import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The cluster's certificate authority. Its key never leaves the controller's data directory.
 *
 * <p>Immutable; safe for use by many threads.
 */
public final class ClusterAuthority {

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final Duration SERVER_LIFE = Duration.ofDays(365);
  private static final Duration ADMINISTRATOR_LIFE = Duration.ofDays(365);

  /** How long the certificate of an agent that joined by token is good for. */
  public static final Duration NODE_LIFE = Duration.ofDays(30);

  /** Clocks of machines differ. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final KeyedCertificate authority;
  private final InstantSource clock;
  private final SecureRandom random;

  private ClusterAuthority(KeyedCertificate authority, InstantSource clock, SecureRandom random) {
    this.authority = authority;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Reads {@code ca.key} and {@code ca.crt} from the directory, or makes and writes them.
   *
   * @throws IdentityException if there is one of them without the other, or one is damaged
   */
  public static ClusterAuthority loadOrCreate(
      Path directory, InstantSource clock, SecureRandom random) {
    boolean hasKey = Files.exists(directory.resolve("ca.key"));
    boolean hasCertificate = Files.exists(directory.resolve("ca.crt"));
    if (hasCertificate && !hasKey) {
      throw new IdentityException(
          "%s has ca.crt but no ca.key: restore it, or remove both and let all nodes join again"
              .formatted(directory));
    }
    // The certificate is written after the key: a key alone is a creation that was cut short.
    if (hasCertificate) {
      return new ClusterAuthority(KeyedCertificate.read(directory, "ca"), clock, random);
    }
    ClusterAuthority created = create(clock, random);
    created.authority.write(directory, "ca");
    return created;
  }

  private static ClusterAuthority create(InstantSource clock, SecureRandom random) {
    KeyPair pair = CertificateRequest.newKey(random);
    X500Name name = CertificateRequest.subject("ocicat", "ocicat-ca");
    Instant now = clock.instant();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  name,
                  serial(random),
                  Date.from(now.minus(BACKDATED)),
                  Date.from(now.plus(AUTHORITY_LIFE)),
                  name,
                  pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      X509Certificate certificate = sign(builder, pair.getPrivate());
      return new ClusterAuthority(
          new KeyedCertificate(pair.getPrivate(), List.of(certificate)), clock, random);
    } catch (CertIOException e) {
      throw new IllegalStateException("extensions of fixed content do not encode", e);
    }
  }

  public X509Certificate certificate() {
    return authority.leaf();
  }

  /** {@link #pin(PublicKey)} of this authority. */
  public String pin() {
    return pin(certificate().getPublicKey());
  }

  /** {@code sha256:} and the hash of the key's SubjectPublicKeyInfo in hex, as kubeadm has it. */
  public static String pin(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** A new key and certificate for a server that is reached by these names and addresses. */
  public KeyedCertificate issueServer(Collection<String> names, Collection<IpAddress> addresses) {
    List<GeneralName> alternatives = new ArrayList<>();
    names.forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
    addresses.forEach(
        address -> alternatives.add(new GeneralName(GeneralName.iPAddress, address.toString())));
    KeyPair pair = CertificateRequest.newKey(random);
    X500Name subject = CertificateRequest.subject("ocicat", "ocicat-controller");
    X509Certificate leaf =
        issue(
            subject,
            pair.getPublic(),
            SERVER_LIFE,
            KeyPurposeId.id_kp_serverAuth,
            Optional.of(new GeneralNames(alternatives.toArray(GeneralName[]::new))));
    return new KeyedCertificate(pair.getPrivate(), List.of(leaf, certificate()));
  }

  /** A new key and certificate for an administrator of the API. */
  public KeyedCertificate issueAdministrator(Identity.Administrator administrator) {
    KeyPair pair = CertificateRequest.newKey(random);
    X509Certificate leaf =
        issue(
            CertificateRequest.subject(Identity.ADMINISTRATORS, administrator.name()),
            pair.getPublic(),
            ADMINISTRATOR_LIFE,
            KeyPurposeId.id_kp_clientAuth,
            Optional.empty());
    return new KeyedCertificate(pair.getPrivate(), List.of(leaf, certificate()));
  }

  /** The node that a request (PKCS #10, DER) names, if its signature and its subject are right. */
  public static Optional<Identity.Node> requester(byte[] request) {
    try {
      JcaPKCS10CertificationRequest parsed = new JcaPKCS10CertificationRequest(request);
      var names = parsed.getSubject().getRDNs(BCStyle.CN);
      if (names.length != 1
          || !parsed.isSignatureValid(
              new JcaContentVerifierProviderBuilder().build(parsed.getPublicKey()))) {
        return Optional.empty();
      }
      return Optional.of(
          new Identity.Node(IETFUtils.valueToString(names[0].getFirst().getValue())));
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * A certificate for the key of a request that {@link #requester} found to come from {@code node};
   * nothing else of the request is taken over.
   *
   * @return leaf first, this authority last
   */
  public List<X509Certificate> issueNode(Identity.Node node, byte[] request, Duration life) {
    try {
      X509Certificate leaf =
          issue(
              CertificateRequest.subject(Identity.NODES, node.name()),
              new JcaPKCS10CertificationRequest(request).getPublicKey(),
              life,
              KeyPurposeId.id_kp_clientAuth,
              Optional.empty());
      return List.of(leaf, certificate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IdentityException("cannot read the request of node " + node.name(), e);
    }
  }

  private X509Certificate issue(
      X500Name subject,
      PublicKey key,
      Duration life,
      KeyPurposeId purpose,
      Optional<GeneralNames> alternatives) {
    Instant now = clock.instant();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  certificate(),
                  serial(random),
                  Date.from(now.minus(BACKDATED)),
                  Date.from(now.plus(life)),
                  new javax.security.auth.x500.X500Principal(encoded(subject)),
                  key)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      if (alternatives.isPresent()) {
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives.get());
      }
      return sign(builder, authority.key());
    } catch (CertIOException e) {
      throw new IdentityException("cannot issue a certificate for " + subject, e);
    }
  }

  private static byte[] encoded(X500Name name) {
    try {
      return name.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a name that has no encoding: " + name, e);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return Pem.certificate(
          builder
              .build(new JcaContentSignerBuilder(CertificateRequest.SIGNATURE).build(key))
              .getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("signing with a P-256 key failed", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).add(BigInteger.ONE);
  }
}
