package io.ocicat.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The grammar of apimachinery's {@code labels.Parse}. Words are whatever stands between the
 * symbols, so {@code in} and {@code notin} are operators only where an operator is due.
 */
final class LabelSelectorParser {

  private static final Set<String> SYMBOLS = Set.of("=", "==", "!=", "!", "(", ")", ",", ">", "<");

  /** The empty text is the end. */
  private record Token(String text, int position) {

    boolean isEnd() {
      return text.isEmpty();
    }

    boolean isWord() {
      return !isEnd() && !SYMBOLS.contains(text);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  LabelSelectorParser(String text) {
    this.text = text;
  }

  List<Requirement> parse() {
    scan();
    List<Requirement> requirements = new ArrayList<>();
    if (peek().isEnd()) {
      return requirements;
    }
    while (true) {
      requirements.add(requirement());
      Token separator = take();
      if (separator.isEnd()) {
        return requirements;
      }
      if (!separator.text.equals(",")) {
        throw expected(separator, "',' or the end");
      }
    }
  }

  private Requirement requirement() {
    Token start = peek();
    boolean absent = peek().text.equals("!");
    if (absent) {
      take();
    }
    Token key = take();
    if (!key.isWord()) {
      throw expected(key, absent ? "a label key" : "a label key or '!'");
    }
    if (absent) {
      return make(start, key, Requirement.Operator.DOES_NOT_EXIST, List.of());
    }
    if (peek().isEnd() || peek().text.equals(",")) {
      return make(start, key, Requirement.Operator.EXISTS, List.of());
    }
    Token operator = take();
    return switch (operator.text) {
      case "=", "==" -> make(start, key, Requirement.Operator.IN, List.of(exactValue()));
      case "!=" -> make(start, key, Requirement.Operator.NOT_IN, List.of(exactValue()));
      case ">" -> make(start, key, Requirement.Operator.GREATER_THAN, List.of(exactValue()));
      case "<" -> make(start, key, Requirement.Operator.LESS_THAN, List.of(exactValue()));
      case "in" -> make(start, key, Requirement.Operator.IN, values());
      case "notin" -> make(start, key, Requirement.Operator.NOT_IN, values());
      default -> throw expected(operator, "one of =, ==, !=, in, notin, >, <");
    };
  }

  private Requirement make(
      Token start, Token key, Requirement.Operator operator, List<String> values) {
    Requirement.problem(key.text, operator, values)
        .ifPresent(
            problem -> {
              throw new SelectorSyntaxException(text, start.position, problem);
            });
    return new Requirement(key.text, operator, values);
  }

  private String exactValue() {
    if (peek().isEnd() || peek().text.equals(",")) {
      return "";
    }
    Token value = take();
    if (!value.isWord()) {
      throw expected(value, "a value");
    }
    return value.text;
  }

  /** An omitted value between commas or parentheses is the empty value. */
  private List<String> values() {
    Token open = take();
    if (!open.text.equals("(")) {
      throw expected(open, "'('");
    }
    List<String> values = new ArrayList<>();
    while (true) {
      values.add(peek().isWord() ? take().text : "");
      Token separator = take();
      if (separator.text.equals(")")) {
        return values;
      }
      if (!separator.text.equals(",")) {
        throw expected(separator, "',' or ')'");
      }
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (!token.isEnd()) {
      next++;
    }
    return token;
  }

  private void scan() {
    int position = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      int end = position + 1;
      if (isSpace(c)) {
        position = end;
        continue;
      }
      if (isSymbol(c)) {
        boolean pair = (c == '=' || c == '!') && end < text.length() && text.charAt(end) == '=';
        end += pair ? 1 : 0;
      } else {
        while (end < text.length() && !isSpace(text.charAt(end)) && !isSymbol(text.charAt(end))) {
          end++;
        }
      }
      tokens.add(new Token(text.substring(position, end), position));
      position = end;
    }
    tokens.add(new Token("", text.length()));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isSymbol(char c) {
    return SYMBOLS.contains(String.valueOf(c));
  }

  private SelectorSyntaxException expected(Token found, String expected) {
    return new SelectorSyntaxException(
        text,
        found.position,
        found.isEnd()
            ? "ends where %s is expected".formatted(expected)
            : "found '%s', expected %s".formatted(found.text, expected));
  }
}
