package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiStatus.Cause;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.schema.UnknownFields;
import io.ocicat.model.validation.Problem;
import io.ocicat.model.validation.Report;
import io.ocicat.model.validation.UnknownField;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import io.ocicat.policy.PolicyDocuments;
import io.ocicat.policy.PolicyKind;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes documents fit to be stored: fills in defaults, validates, drops unknown fields. */
final class DocumentCheck {

  private final Store store;

  DocumentCheck(Store store) {
    this.store = store;
  }

  /**
   * Fills in and judges a new object, in place.
   *
   * @return what its author should know
   * @throws ApiException with every problem of the document
   */
  List<String> checkNew(Target target, ObjectNode document, FieldValidation unknownFields) {
    return check(target, document, ValidationContext.creating(), unknownFields);
  }

  /** The same for the next state of an object. */
  List<String> checkNext(
      Target target, ObjectNode current, ObjectNode next, FieldValidation unknownFields) {
    return check(target, next, ValidationContext.updating(current), unknownFields);
  }

  private List<String> check(
      Target target,
      ObjectNode document,
      ValidationContext context,
      FieldValidation unknownFields) {
    Defaults.fill(target.kind(), document);
    Report report =
        Validator.check(
            target.kind(),
            document,
            target.kind().equals(Kinds.IP_POOL)
                ? context.with(pools())
                : context.withTiers(tiers(document)));
    boolean strict = unknownFields == FieldValidation.STRICT;
    if (!report.isAcceptable()) {
      throw new ApiException(
          ApiStatus.invalid(invalidSubject(target, document), causes(report, strict)));
    }
    if (strict && !report.unknownFields().isEmpty()) {
      throw new ApiException(
          ApiStatus.badRequest(
              "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                  .formatted(
                      target.kind().kind(),
                      target.kind().version(),
                      target.kind().kind(),
                      report.unknownFields().stream()
                          .map(UnknownField::toString)
                          .collect(Collectors.joining(", ")))));
    }
    UnknownFields.drop(target.kind(), document);
    List<String> warnings = new ArrayList<>(report.warnings());
    if (unknownFields == FieldValidation.WARN) {
      report.unknownFields().forEach(field -> warnings.add(field.toString()));
    }
    PolicyKind.of(target.kind().name()).ifPresent(kind -> complain(kind, document, warnings));
    return warnings;
  }

  /** What of a policy will not hold as it is written, but for fields that are warned of already. */
  private static void complain(PolicyKind kind, ObjectNode document, List<String> warnings) {
    List<String> known = List.copyOf(warnings);
    for (String complaint : PolicyDocuments.read(kind, document).complaints()) {
      String field = complaint.substring(0, Math.max(0, complaint.indexOf(": ")));
      if (field.isEmpty() || known.stream().noneMatch(each -> each.startsWith(field))) {
        warnings.add(complaint);
      }
    }
  }

  private static ApiStatus.Subject invalidSubject(Target target, ObjectNode document) {
    return new ApiStatus.Subject(
        target.kind().group(), target.kind().kind(), Metadata.of(document).name());
  }

  private static List<Cause> causes(Report report, boolean withUnknownFields) {
    List<Cause> causes = new ArrayList<>();
    for (Problem problem : report.problems()) {
      causes.add(new Cause(problem.cause().reason(), problem.message(), problem.path()));
    }
    if (withUnknownFields) {
      for (UnknownField field : report.unknownFields()) {
        String hint = field.hint().isEmpty() ? "" : ", " + field.hint();
        causes.add(new Cause("FieldValueInvalid", "unknown field" + hint, field.path()));
      }
    }
    return causes;
  }

  /** None for a document that is in no tier. */
  private List<String> tiers(ObjectNode document) {
    return document.at("/spec/tier").isTextual()
        ? store.snapshot(Selection.of(Kinds.TIER.name())).objects().stream()
            .map(tier -> tier.key().name())
            .toList()
        : List.of();
  }

  private List<IpPool> pools() {
    return store.snapshot(Selection.of(Kinds.IP_POOL.name())).objects().stream()
        .map(DocumentCheck::pool)
        .flatMap(Optional::stream)
        .toList();
  }

  /** A stored pool that cannot be read overlaps with nothing. */
  private static Optional<IpPool> pool(StoredObject stored) {
    try {
      return Optional.of(IpPool.read(stored.tree()));
    } catch (UnreadableDocumentException e) {
      return Optional.empty();
    }
  }
}
