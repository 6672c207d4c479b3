package io.ocicat.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text of a Calico selector into tokens; the last one is always {@code END}. */
final class SelectorTokens {

  enum Kind {
    OPEN("'('"),
    CLOSE("')'"),
    OPEN_SET("'{'"),
    CLOSE_SET("'}'"),
    COMMA("','"),
    EQUAL("'=='"),
    NOT_EQUAL("'!='"),
    NOT("'!'"),
    AND("'&&'"),
    OR("'||'"),
    STRING("a quoted string"),
    LABEL("a label"),
    IN("'in'"),
    NOT_IN("'not in'"),
    CONTAINS("'contains'"),
    STARTS_WITH("'starts with'"),
    ENDS_WITH("'ends with'"),
    HAS("has()"),
    ALL("all()"),
    GLOBAL("global()"),
    END("the end");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }
  }

  /**
   * @param text the label's name or the string's content
   */
  record Token(Kind kind, String text, int position) {}

  private record Shape(Kind kind, Pattern pattern) {

    Shape(Kind kind, String regex) {
      this(kind, Pattern.compile(regex));
    }
  }

  private static final int LABEL_MAX = 512;
  private static final String LABEL = "[A-Za-z0-9_./-]+";

  private static final List<Shape> SYMBOLS =
      List.of(
          new Shape(Kind.OPEN, "\\("),
          new Shape(Kind.CLOSE, "\\)"),
          new Shape(Kind.OPEN_SET, "\\{"),
          new Shape(Kind.CLOSE_SET, "\\}"),
          new Shape(Kind.COMMA, ","),
          new Shape(Kind.EQUAL, "=="),
          new Shape(Kind.NOT_EQUAL, "!="),
          new Shape(Kind.NOT, "!"),
          new Shape(Kind.AND, "&&"),
          new Shape(Kind.OR, "\\|\\|"),
          new Shape(Kind.STRING, "\"([^\"]*)\""),
          new Shape(Kind.STRING, "'([^']*)'"));

  /** What a word means right after a label. */
  private static final List<Shape> OPERATORS =
      List.of(
          new Shape(Kind.CONTAINS, "contains"),
          new Shape(Kind.STARTS_WITH, "starts[ \t]*with"),
          new Shape(Kind.ENDS_WITH, "ends[ \t]*with"),
          new Shape(Kind.NOT_IN, "not[ \t]*in\\b"),
          new Shape(Kind.IN, "in\\b"));

  /** What a word means anywhere else. */
  private static final List<Shape> OPERANDS =
      List.of(
          new Shape(Kind.HAS, "has\\([ \t]*(" + LABEL + ")[ \t]*\\)"),
          new Shape(Kind.ALL, "all\\([ \t]*\\)"),
          new Shape(Kind.GLOBAL, "global\\([ \t]*\\)"),
          new Shape(Kind.LABEL, "(" + LABEL + ")"));

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private SelectorTokens(String text) {
    this.text = text;
  }

  static List<Token> of(String text) {
    SelectorTokens scanner = new SelectorTokens(text);
    scanner.scan();
    return scanner.tokens;
  }

  private void scan() {
    while (true) {
      while (position < text.length() && " \t".indexOf(text.charAt(position)) >= 0) {
        position++;
      }
      if (position == text.length()) {
        tokens.add(new Token(Kind.END, "", position));
        return;
      }
      boolean afterLabel = !tokens.isEmpty() && tokens.getLast().kind == Kind.LABEL;
      if (!takes(SYMBOLS) && !takes(afterLabel ? OPERATORS : OPERANDS)) {
        throw new SelectorSyntaxException(text, position, problem(afterLabel));
      }
    }
  }

  private boolean takes(List<Shape> shapes) {
    for (Shape shape : shapes) {
      Matcher matcher = shape.pattern.matcher(text).region(position, text.length());
      if (matcher.lookingAt()) {
        String content = matcher.groupCount() > 0 ? matcher.group(1) : "";
        if ((shape.kind == Kind.LABEL || shape.kind == Kind.HAS) && content.length() > LABEL_MAX) {
          throw new SelectorSyntaxException(
              text,
              position,
              "a label of %d characters; at most %d are allowed"
                  .formatted(content.length(), LABEL_MAX));
        }
        tokens.add(new Token(shape.kind, content, position));
        position = matcher.end();
        return true;
      }
    }
    return false;
  }

  private String problem(boolean afterLabel) {
    char c = text.charAt(position);
    return switch (c) {
      case '"', '\'' -> "the string that begins here has no closing " + c;
      case '=', '&', '|' -> "found '%c'; did you mean '%c%c'?".formatted(c, c, c);
      default ->
          afterLabel
              ? "expected ==, !=, in, not in, contains, starts with or ends with after a label"
              : "unexpected '%c'".formatted(c);
    };
  }
}
