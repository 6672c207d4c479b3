package io.ocicat.model;

/** A port of a Calico rule: a number, a range as {@code 80:90}, or a name. */
public sealed interface RulePort {
  /**
   * Ports by number.
   *
   * @param first 1 to 65535
   * @param last the same as first for a single port
   */
  record Range(int first, int last) implements RulePort {
    /** Requires an ascending range of port numbers. */
    public Range {
      if (first < 1 || last > 65535) {
        throw new IllegalArgumentException("ports are between 1 and 65535");
      }
      if (last < first) {
        throw new IllegalArgumentException(
            "the range %d:%d does not ascend".formatted(first, last));
      }
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + ":" + last;
    }
  }

  /**
   * What the endpoint at that end calls by this name.
   *
   * @param name the name
   */
  record Named(String name) implements RulePort {
    /** Requires a name of 1 to 128 letters, digits, underscores, dots and hyphens. */
    public Named {
      if (!name.matches("[A-Za-z0-9_.-]{1,128}")) {
        throw new IllegalArgumentException(
            "\""
                + name
                + "\" is not a port: a number, a range like 80:90, or a name of letters,"
                + " digits, '_', '.' and '-'");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads digits, a range or a name.
   *
   * @throws IllegalArgumentException if the text is none of them
   */
  static RulePort parse(String text) {
    if (text.matches("[0-9]+")) {
      int number = number(text);
      return new Range(number, number);
    }
    if (text.matches("[0-9]+:[0-9]+")) {
      String[] ends = text.split(":", 2);
      return new Range(number(ends[0]), number(ends[1]));
    }
    return new Named(text);
  }

  private static int number(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
