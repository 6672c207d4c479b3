package io.ocicat.client;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys as kubeconfig files hold them: PKCS #8, PKCS #1 (RSA) and SEC 1
 * (EC).
 */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final String EC_PUBLIC_KEY = "06072a8648ce3d0201";
  private static final String RSA_ENCRYPTION = "06092a864886f70d0101010500";
  // P-256, P-384, P-521.
  private static final List<String> CURVES =
      List.of("06082a8648ce3d030107", "06052b81040022", "06052b81040023");

  private Pem() {}

  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher matcher = KEY.matcher(pem);
    if (!matcher.find()) {
      throw new GeneralSecurityException("no unencrypted private key in it");
    }
    byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
    byte[] pkcs8 =
        switch (matcher.group(1)) {
          case "RSA PRIVATE KEY" -> wrap(RSA_ENCRYPTION, der);
          case "EC PRIVATE KEY" -> wrap(EC_PUBLIC_KEY + curve(der), der);
          default -> der;
        };
    // The algorithm is inside; asking each factory is simpler than reading it.
    GeneralSecurityException refused = new GeneralSecurityException("a key of unknown algorithm");
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        refused.addSuppressed(e);
      }
    }
    throw refused;
  }

  private static String curve(byte[] sec1) throws GeneralSecurityException {
    String hex = HexFormat.of().formatHex(sec1);
    return CURVES.stream()
        .filter(hex::contains)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("an EC key that names no NIST curve"));
  }

  /** PrivateKeyInfo (RFC 5958 §2) around an algorithm's own key format. */
  private static byte[] wrap(String algorithmHex, byte[] key) {
    HexFormat hex = HexFormat.of();
    byte[] version = hex.parseHex("020100");
    byte[] algorithm = tlv(0x30, hex.parseHex(algorithmHex));
    return tlv(0x30, concat(version, algorithm, tlv(0x04, key)));
  }

  private static byte[] tlv(int tag, byte[] value) {
    int length = value.length;
    byte[] header =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return concat(header, value);
  }

  private static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
