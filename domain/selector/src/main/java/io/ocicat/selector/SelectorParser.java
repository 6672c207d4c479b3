package io.ocicat.selector;

import io.ocicat.selector.SelectorTokens.Kind;
import io.ocicat.selector.SelectorTokens.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Recursive descent over {@link SelectorTokens}: {@code !} binds over {@code &&} over {@code ||}.
 */
final class SelectorParser {

  /** Deep enough for any selector a person writes, far from the end of the stack. */
  private static final int DEPTH_MAX = 200;

  private final String text;
  private final List<Token> tokens;
  private int next;
  private int depth;

  SelectorParser(String text) {
    this.text = text;
    this.tokens = SelectorTokens.of(text);
  }

  Selector parse() {
    if (peek().kind() == Kind.END) {
      return new Selector.All();
    }
    Selector selector = or();
    expect(Kind.END);
    return selector;
  }

  private Selector or() {
    if (++depth > DEPTH_MAX) {
      throw new SelectorSyntaxException(text, peek().position(), "too many nested parentheses");
    }
    List<Selector> operands = new ArrayList<>();
    do {
      operands.add(and());
    } while (skips(Kind.OR));
    depth--;
    return operands.size() == 1 ? operands.getFirst() : new Selector.Or(operands);
  }

  private Selector and() {
    List<Selector> operands = new ArrayList<>();
    do {
      operands.add(operation());
    } while (skips(Kind.AND));
    return operands.size() == 1 ? operands.getFirst() : new Selector.And(operands);
  }

  private Selector operation() {
    boolean negated = false;
    while (skips(Kind.NOT)) {
      negated = !negated;
    }
    Selector operand = operand();
    if (!negated) {
      return operand;
    }
    // Parentheses do not keep two negations apart: the canonical text has none around them.
    return operand instanceof Selector.Not(Selector inner) ? inner : new Selector.Not(operand);
  }

  private Selector operand() {
    Token token = take();
    return switch (token.kind()) {
      case HAS -> new Selector.Has(token.text());
      case ALL -> new Selector.All();
      case GLOBAL -> new Selector.Global();
      case LABEL -> comparison(token.text());
      case OPEN -> {
        Selector inner = or();
        expect(Kind.CLOSE);
        yield inner;
      }
      case CLOSE,
          OPEN_SET,
          CLOSE_SET,
          COMMA,
          EQUAL,
          NOT_EQUAL,
          NOT,
          AND,
          OR,
          STRING,
          IN,
          NOT_IN,
          CONTAINS,
          STARTS_WITH,
          ENDS_WITH,
          END ->
          throw unexpected(token, "a label, '(', '!', has(), all() or global()");
    };
  }

  private Selector comparison(String label) {
    Token operator = take();
    return switch (operator.kind()) {
      case EQUAL -> new Selector.Equal(label, expect(Kind.STRING).text());
      case NOT_EQUAL -> new Selector.NotEqual(label, expect(Kind.STRING).text());
      case CONTAINS -> new Selector.Contains(label, expect(Kind.STRING).text());
      case STARTS_WITH -> new Selector.StartsWith(label, expect(Kind.STRING).text());
      case ENDS_WITH -> new Selector.EndsWith(label, expect(Kind.STRING).text());
      case IN -> new Selector.In(label, set());
      case NOT_IN -> new Selector.NotIn(label, set());
      case OPEN,
          CLOSE,
          OPEN_SET,
          CLOSE_SET,
          COMMA,
          NOT,
          AND,
          OR,
          STRING,
          LABEL,
          HAS,
          ALL,
          GLOBAL,
          END ->
          throw unexpected(operator, "an operator after the label '%s'".formatted(label));
    };
  }

  private List<String> set() {
    expect(Kind.OPEN_SET);
    List<String> values = new ArrayList<>();
    while (peek().kind() == Kind.STRING) {
      values.add(take().text());
      if (!skips(Kind.COMMA)) {
        break;
      }
    }
    expect(Kind.CLOSE_SET);
    return values;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  private boolean skips(Kind kind) {
    if (peek().kind() != kind) {
      return false;
    }
    next++;
    return true;
  }

  private Token expect(Kind kind) {
    Token token = take();
    if (token.kind() != kind) {
      throw unexpected(token, kind.description());
    }
    return token;
  }

  private SelectorSyntaxException unexpected(Token found, String expected) {
    return new SelectorSyntaxException(
        text,
        found.position(),
        "found %s, expected %s".formatted(found.kind().description(), expected));
  }
}
