package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A failure as upstream's {@code Status} object has it. {@code subject} says which object it is
 * about; {@code causes} are the single problems of an invalid one.
 */
public record ApiStatus(StatusReason reason, String message, Subject subject, List<Cause> causes) {

  /** No object in particular. */
  private static final Subject NOTHING = new Subject("", "", "");

  public ApiStatus {
    causes = List.copyOf(causes);
  }

  /**
   * What a failure is about; any part may be empty. {@code kind} is the plural resource name except
   * for invalid objects, where it is the kind's own name, as upstream has it.
   */
  public record Subject(String group, String kind, String name) {

    private String qualified() {
      return group.isEmpty() ? kind : kind + "." + group;
    }
  }

  /** One problem; {@code reason} is for example {@code FieldValueInvalid}. */
  public record Cause(String reason, String message, String field) {}

  /** Any failure that is about no object. */
  public static ApiStatus of(StatusReason reason, String message) {
    return new ApiStatus(reason, message, NOTHING, List.of());
  }

  public static ApiStatus badRequest(String message) {
    return of(StatusReason.BAD_REQUEST, message);
  }

  /** A path that leads nowhere. */
  public static ApiStatus noSuchPath() {
    return of(StatusReason.NOT_FOUND, "the server could not find the requested resource");
  }

  public static ApiStatus notFound(Subject subject) {
    return new ApiStatus(
        StatusReason.NOT_FOUND,
        "%s \"%s\" not found".formatted(subject.qualified(), subject.name()),
        subject,
        List.of());
  }

  public static ApiStatus alreadyExists(Subject subject) {
    return new ApiStatus(
        StatusReason.ALREADY_EXISTS,
        "%s \"%s\" already exists".formatted(subject.qualified(), subject.name()),
        subject,
        List.of());
  }

  /** The write lost a race, or was made for another state of the object. */
  public static ApiStatus conflict(Subject subject, String why) {
    return new ApiStatus(
        StatusReason.CONFLICT,
        "Operation cannot be fulfilled on %s \"%s\": %s"
            .formatted(subject.qualified(), subject.name(), why),
        subject,
        List.of());
  }

  /** The object is wrong in itself; every problem is a cause. */
  public static ApiStatus invalid(Subject subject, List<Cause> causes) {
    String problems =
        causes.stream()
            .map(
                cause ->
                    cause.field().isEmpty()
                        ? cause.message()
                        : cause.field() + ": " + cause.message())
            .collect(Collectors.joining(", "));
    return new ApiStatus(
        StatusReason.INVALID,
        "%s \"%s\" is invalid: %s"
            .formatted(
                subject.qualified(),
                subject.name(),
                causes.size() == 1 ? problems : "[" + problems + "]"),
        subject,
        causes);
  }

  /** The revision that the client wants to go on from is no longer kept. */
  public static ApiStatus expired(String message) {
    return of(StatusReason.EXPIRED, message);
  }

  public int code() {
    return reason.code();
  }

  /** The {@code Status} object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "Status").put("apiVersion", "v1");
    json.putObject("metadata");
    json.put("status", "Failure").put("message", message).put("reason", reason.text());
    if (!subject.equals(NOTHING) || !causes.isEmpty()) {
      json.set("details", details());
    }
    return json.put("code", code());
  }

  private ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    putUnlessEmpty(details, "name", subject.name());
    putUnlessEmpty(details, "group", subject.group());
    putUnlessEmpty(details, "kind", subject.kind());
    if (!causes.isEmpty()) {
      ArrayNode list = details.putArray("causes");
      for (Cause cause : causes) {
        ObjectNode item = list.addObject();
        item.put("reason", cause.reason()).put("message", cause.message());
        putUnlessEmpty(item, "field", cause.field());
      }
    }
    return details;
  }

  private static void putUnlessEmpty(ObjectNode object, String field, String value) {
    if (!value.isEmpty()) {
      object.put(field, value);
    }
  }
}
