package io.ocicat.sync.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Keys and certificates as PEM (RFC 7468) and DER. */
public final class Pem {

  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private Pem() {}

  /** The certificates one after another. */
  public static String text(List<X509Certificate> certificates) {
    try {
      StringWriter text = new StringWriter();
      try (PemWriter writer = new PemWriter(text)) {
        for (X509Certificate certificate : certificates) {
          writer.writeObject(new PemObject(CERTIFICATE, certificate.getEncoded()));
        }
      }
      return text.toString();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that has no encoding", e);
    }
  }

  /** The key in PKCS #8. */
  public static String text(PrivateKey key) {
    try {
      StringWriter text = new StringWriter();
      try (PemWriter writer = new PemWriter(text)) {
        writer.writeObject(new PemObject(PRIVATE_KEY, key.getEncoded()));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IdentityException if {@code der} is no certificate
   */
  public static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IdentityException("cannot read a certificate of " + der.length + " bytes", e);
    }
  }

  /**
   * The certificates in a file, at least one.
   *
   * @throws IdentityException if there is none, or it cannot be read
   */
  public static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemObject object : objects(file)) {
      if (object.getType().equals(CERTIFICATE)) {
        certificates.add(certificate(object.getContent()));
      }
    }
    if (certificates.isEmpty()) {
      throw new IdentityException(file + " holds no certificate; remove it to have it made anew");
    }
    return certificates;
  }

  static PrivateKey readKey(Path file) {
    for (PemObject object : objects(file)) {
      if (object.getType().equals(PRIVATE_KEY)) {
        try {
          return KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(object.getContent()));
        } catch (GeneralSecurityException e) {
          throw new IdentityException("cannot read the EC key in " + file, e);
        }
      }
    }
    throw new IdentityException(file + " holds no PKCS #8 key; remove it to have it made anew");
  }

  private static List<PemObject> objects(Path file) {
    try (PEMParser parser =
        new PEMParser(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
      List<PemObject> objects = new ArrayList<>();
      for (PemObject each = parser.readPemObject(); each != null; each = parser.readPemObject()) {
        objects.add(each);
      }
      return objects;
    } catch (IOException e) {
      throw new IdentityException("cannot read " + file, e);
    }
  }

  /** Replaces {@code file} as a whole; it never has other permissions than 0600. */
  public static void writePrivately(Path file, String text) {
    write(file, text, "rw-------");
  }

  /** Replaces {@code file} as a whole, readable by all. */
  public static void writePublicly(Path file, String text) {
    write(file, text, "rw-r--r--");
  }

  private static void write(Path file, String text, String permissions) {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(temporary);
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.UTF_8.encode(text));
        channel.force(true);
      }
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IdentityException("cannot write " + file, e);
    }
  }
}
