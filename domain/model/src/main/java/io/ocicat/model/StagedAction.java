package io.ocicat.model;

/** What would become of the policy of the same name if a staged policy were enforced. */
public enum StagedAction {
  /** It would be created or replaced. */
  SET("Set"),
  /** It would be deleted. */
  DELETE("Delete"),
  /** The policy is being learnt from traffic; nothing is said of it yet. */
  LEARN("Learn"),
  /** The staged policy is to be left out of account. */
  IGNORE("Ignore");

  private final String documentName;

  StagedAction(String documentName) {
    this.documentName = documentName;
  }

  /** The spelling in documents. */
  public String documentName() {
    return documentName;
  }

  /** Of a staged policy's spec: SET where it says nothing, IGNORE where it cannot be read. */
  static StagedAction of(Fields spec) {
    if (!spec.has("stagedAction")) {
      return SET;
    }
    return switch (spec.text("stagedAction")) {
      case "Set", "" -> SET;
      case "Delete" -> DELETE;
      case "Learn" -> LEARN;
      default -> IGNORE;
    };
  }
}
