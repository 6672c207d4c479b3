package io.ocicat.sync.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a new node needs to join: a secret to prove itself, and the hash of the authority's key to
 * know the controller by. Its text is {@code id.secret@sha256:hash}.
 *
 * @param id 6 characters; may be said aloud
 * @param secret 32 characters
 * @param authorityPin {@link ClusterAuthority#pin()}
 */
public record JoinToken(String id, String secret, String authorityPin) {

  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{32})@(sha256:[0-9a-f]{64})");
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  /** A new token for the cluster. */
  public static JoinToken create(SecureRandom random, ClusterAuthority authority) {
    return new JoinToken(word(random, 6), word(random, 32), authority.pin());
  }

  private static String word(SecureRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return word.toString();
  }

  /**
   * @throws IdentityException if the text has not the form above; the text is not repeated
   */
  public static JoinToken parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IdentityException(
          "not a join token: it looks like abcdef.<32 characters>@sha256:<64 hex digits>;"
              + " the controller writes it to the file join-token in its data directory");
    }
    return new JoinToken(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  /** What goes over the wire: {@code id.secret}. */
  public String credential() {
    return id + "." + secret;
  }

  /** Whether a caller presented this token; takes the same time whatever is wrong. */
  public boolean matches(String presented) {
    return MessageDigest.isEqual(
        credential().getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole token, with its secret. */
  public String text() {
    return credential() + "@" + authorityPin;
  }

  /** The secret stays unsaid. */
  @Override
  public String toString() {
    return "JoinToken[" + id + "]";
  }
}
