package io.ocicat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PemTest {

  @Test
  void readsPkcs8() throws GeneralSecurityException {
    for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
      PrivateKey key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
      assertThat(Pem.privateKey(pem("PRIVATE KEY", key.getEncoded())).getEncoded())
          .isEqualTo(key.getEncoded());
    }
  }

  @Test
  void readsPkcs1() throws GeneralSecurityException {
    PrivateKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    // PKCS #8 of a 2048 bit key: 26 bytes around the PKCS #1 form.
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    assertThat(Pem.privateKey(pem("RSA PRIVATE KEY", pkcs1)).getEncoded()).isEqualTo(pkcs8);
  }

  @Test
  void readsSec1() throws GeneralSecurityException {
    String key =
        """
        -----BEGIN EC PRIVATE KEY-----
        MDECAQEEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4foAoGCCqGSM49
        AwEH
        -----END EC PRIVATE KEY-----
        """;
    assertThat(Pem.privateKey(key).getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void refusesWhatIsNoKey() {
    assertThatThrownBy(() -> Pem.privateKey("nothing")).hasMessageContaining("no unencrypted");
  }

  private static String pem(String title, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(title, Base64.getMimeEncoder().encodeToString(der), title);
  }
}
