package io.ocicat.store;

import io.ocicat.model.KindName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a paged list goes on. Its text is opaque to clients.
 *
 * @param revision the revision whose state the list shows
 * @param after the last key of the page before
 * @param remaining how many objects come after it
 */
public record ContinueToken(long revision, ResourceKey after, long remaining) {
  private static final String SEPARATOR = "\n";

  /** The token as clients carry it. */
  public String text() {
    String plain =
        String.join(
            SEPARATOR,
            Long.toString(revision),
            after.kind().group(),
            after.kind().plural(),
            after.namespace(),
            after.name(),
            Long.toString(remaining));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /** The token that has this text, if one has. */
  public static Optional<ContinueToken> parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      String[] parts = plain.split(SEPARATOR, -1);
      if (parts.length != 6) {
        return Optional.empty();
      }
      ResourceKey after = new ResourceKey(new KindName(parts[1], parts[2]), parts[3], parts[4]);
      return Optional.of(
          new ContinueToken(Long.parseLong(parts[0]), after, Long.parseLong(parts[5])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
