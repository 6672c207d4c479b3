package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A value in the document under judgement, with its path and where findings go. */
record Place(JsonNode value, String path, Findings findings) {

  Place at(String field) {
    return new Place(value.path(field), path.isEmpty() ? field : path + "." + field, findings);
  }

  /** The items of a list; none if it is no list. */
  List<Place> items() {
    List<Place> items = new ArrayList<>();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        items.add(new Place(value.get(i), path + "[" + i + "]", findings));
      }
    }
    return items;
  }

  boolean isPresent() {
    return !value.isMissingNode() && !value.isNull();
  }

  /** The text; empty if it is none. */
  String text() {
    return value.isTextual() ? value.textValue() : "";
  }

  void invalid(String detail) {
    findings.invalid(path, value, detail);
  }

  void missing(String detail) {
    findings.missing(path, detail);
  }

  void forbidden(String detail) {
    findings.forbidden(path, detail);
  }

  void duplicate() {
    findings.duplicate(path, value);
  }

  void warning(String text) {
    findings.warning(path, text);
  }

  /** Finds fault if the value is another than it was. A value that was absent may be set. */
  void mustStay(JsonNode previous) {
    if (!previous.isMissingNode() && !previous.isNull() && !previous.equals(value)) {
      findings.invalid(path, value, "field is immutable; it was " + previous);
    }
  }
}
