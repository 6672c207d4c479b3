package io.ocicat.lab.traffic;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a responder answers: one line of JSON.
 *
 * @param name the responder's own name, {@code namespace/pod}
 * @param peer the address that it saw the request come from
 */
record Greeting(String name, String peer) {
  private static final Pattern FORM =
      Pattern.compile("\\{\"name\":\"([^\"]*)\",\"peer\":\"([^\"]*)\"\\}\\s*");

  String encode() {
    return "{\"name\":\"" + name + "\",\"peer\":\"" + peer + "\"}\n";
  }

  /** Empty for the answer of something else. */
  static Optional<Greeting> decode(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new Greeting(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }
}
