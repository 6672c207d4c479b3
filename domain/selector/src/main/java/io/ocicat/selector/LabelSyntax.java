package io.ocicat.selector;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which label keys and values Kubernetes accepts.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set">Labels:
 *     syntax and character set</a>
 */
public final class LabelSyntax {

  private static final int NAME_MAX = 63;
  private static final int PREFIX_MAX = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private LabelSyntax() {}

  /** What is wrong with {@code key} as a label's key (an optional DNS prefix, a slash, a name). */
  public static Optional<String> keyProblem(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (slash >= 0) {
      String prefix = key.substring(0, slash);
      if (prefix.length() > PREFIX_MAX || !SUBDOMAIN.matcher(prefix).matches()) {
        return Optional.of(
            "label key '%s': the prefix must be a DNS subdomain of at most %d characters"
                .formatted(key, PREFIX_MAX));
      }
    }
    if (name.isEmpty() || name.length() > NAME_MAX || !NAME.matcher(name).matches()) {
      return Optional.of(
          ("label key '%s': the name must have 1 to %d letters, digits, '-', '_' or '.',"
                  + " and begin and end with a letter or digit")
              .formatted(key, NAME_MAX));
    }
    return Optional.empty();
  }

  /** What is wrong with {@code value} as a label's value; the empty value is allowed. */
  public static Optional<String> valueProblem(String value) {
    if (value.isEmpty() || (value.length() <= NAME_MAX && NAME.matcher(value).matches())) {
      return Optional.empty();
    }
    return Optional.of(
        ("label value '%s': at most %d letters, digits, '-', '_' or '.',"
                + " beginning and ending with a letter or digit")
            .formatted(value, NAME_MAX));
  }
}
