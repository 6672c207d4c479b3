package io.ocicat.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Gives documents that the controller itself writes the metadata that the API gives to others. */
public final class DocumentStamp {

  private final InstantSource clock;
  private final RandomGenerator random;

  public DocumentStamp(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Now, as documents spell it (RFC 3339, seconds). */
  public String now() {
    return DateTimeFormatter.ISO_INSTANT.format(clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** A number that nobody else has drawn, for the end of a name. */
  public long unique() {
    return random.nextLong();
  }

  /** For a document that is to be created. */
  public void created(ObjectNode document) {
    UUID uid =
        new UUID(
            (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L,
            (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    document
        .withObject("/metadata")
        .put("uid", uid.toString().toLowerCase(Locale.ROOT))
        .put("creationTimestamp", now())
        .put("generation", 1);
  }

  /**
   * For a document that replaces {@code before}, of which it keeps what makes it the same object,
   * and the annotations that it does not set itself.
   */
  public void replacing(ObjectNode document, ObjectNode before) {
    ObjectNode metadata = document.withObject("/metadata");
    ObjectNode old = before.withObject("/metadata");
    for (String field : new String[] {"uid", "creationTimestamp", "finalizers"}) {
      if (old.has(field)) {
        metadata.set(field, old.get(field));
      }
    }
    if (old.get("annotations") instanceof ObjectNode kept) {
      ObjectNode annotations = kept.deepCopy();
      if (metadata.get("annotations") instanceof ObjectNode own) {
        annotations.setAll(own);
      }
      metadata.set("annotations", annotations);
    }
    long generation = old.path("generation").asLong(1);
    boolean same = document.path("spec").equals(before.path("spec"));
    metadata.put("generation", same ? generation : generation + 1);
  }
}
