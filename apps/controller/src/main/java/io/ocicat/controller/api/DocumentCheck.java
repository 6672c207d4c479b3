package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Defaults and validation of a document about to be stored. */
final class DocumentCheck {

  private DocumentCheck() {}

  static Validated check(
      ResourceKind kind,
      ObjectNode document,
      @Nullable ObjectNode current,
      FieldValidation fieldValidation) {
    return new Validated(document, List.of());
  }
}
