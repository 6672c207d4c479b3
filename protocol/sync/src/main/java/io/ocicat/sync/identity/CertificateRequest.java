package io.ocicat.sync.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Keys and PKCS #10 requests (RFC 2986) of a node. */
public final class CertificateRequest {

  static final String SIGNATURE = "SHA256withECDSA";

  private CertificateRequest() {}

  /** A new P-256 key. */
  public static KeyPair newKey(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no EC P-256", e);
    }
  }

  /** A request for a certificate of the node, DER. */
  public static byte[] forNode(Identity.Node node, KeyPair key) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              subject(Identity.NODES, node.name()), key.getPublic())
          .build(new JcaContentSignerBuilder(SIGNATURE).build(key.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("signing a request with a fresh P-256 key failed", e);
    }
  }

  static X500Name subject(String organisation, String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organisation)
        .addRDN(BCStyle.CN, commonName)
        .build();
  }
}
