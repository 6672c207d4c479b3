package io.ocicat.model.schema;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.MacAddress;
import io.ocicat.model.RulePort;
import io.ocicat.selector.Selector;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is wrong with a text that has to have a certain form, in upstream's words where upstream has
 * them (apimachinery's {@code util/validation}).
 */
public final class TextChecks {
  private static final int LABEL_MAX = 63;
  private static final int SUBDOMAIN_MAX = 253;
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final Pattern LABEL_FORM = Pattern.compile(LABEL);
  private static final Pattern SUBDOMAIN_FORM = Pattern.compile(SUBDOMAIN);
  private static final Pattern QUALIFIED_FORM = Pattern.compile(QUALIFIED);
  private static final Pattern INTERFACE_FORM = Pattern.compile("[A-Za-z0-9_.-]{1,15}");
  private static final String DOMAIN_LABEL = "[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?";
  private static final Pattern DOMAIN_FORM =
      Pattern.compile("(\\*\\.)?(" + DOMAIN_LABEL + "\\.)+" + DOMAIN_LABEL + "\\.?");
  private static final Pattern PORT_NAME_FORM = Pattern.compile("[-a-z0-9]+");

  private static final String LABEL_MESSAGE =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end"
          + " with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
          + LABEL
          + "')";
  private static final String SUBDOMAIN_MESSAGE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
          + " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
          + SUBDOMAIN
          + "')";
  private static final String QUALIFIED_MESSAGE =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
          + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
          + QUALIFIED
          + "')";
  private static final String LABEL_VALUE_MESSAGE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start"
          + " and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for"
          + " validation is '("
          + QUALIFIED
          + ")?')";

  private TextChecks() {}

  /** RFC 1123 label: names of namespaces and containers. */
  public static List<String> dnsLabel(String text) {
    List<String> problems = new ArrayList<>();
    if (text.length() > LABEL_MAX) {
      problems.add("must be no more than 63 characters");
    }
    if (!LABEL_FORM.matcher(text).matches()) {
      problems.add(LABEL_MESSAGE);
    }
    return problems;
  }

  /** RFC 1123 subdomain: names of most objects. */
  public static List<String> dnsSubdomain(String text) {
    List<String> problems = new ArrayList<>();
    if (text.length() > SUBDOMAIN_MAX) {
      problems.add("must be no more than 253 characters");
    }
    if (!SUBDOMAIN_FORM.matcher(text).matches()) {
      problems.add(SUBDOMAIN_MESSAGE);
    }
    return problems;
  }

  /** The name of a Calico policy: a label, or two with a dot between them. */
  public static List<String> calicoPolicyName(String text) {
    List<String> problems = dnsSubdomain(text);
    return problems.isEmpty() && text.chars().filter(c -> c == '.').count() > 1
        ? List.of("must have at most one dot")
        : problems;
  }

  /** The key of a label. */
  public static List<String> qualifiedName(String text) {
    List<String> problems = new ArrayList<>();
    int slash = text.indexOf('/');
    String name = text.substring(slash + 1);
    if (slash == 0) {
      problems.add("prefix part must be non-empty");
    } else if (slash > 0) {
      dnsSubdomain(text.substring(0, slash)).forEach(each -> problems.add("prefix part " + each));
    }
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (name.length() > LABEL_MAX) {
      problems.add("name part must be no more than 63 characters");
    }
    if (!QUALIFIED_FORM.matcher(name).matches()) {
      problems.add("name part " + QUALIFIED_MESSAGE);
    }
    return problems;
  }

  /** The key of an annotation: as that of a label, but capitals are allowed everywhere. */
  public static List<String> annotationKey(String text) {
    return qualifiedName(text.toLowerCase(java.util.Locale.ROOT));
  }

  /** The value of a label. */
  public static List<String> labelValue(String text) {
    List<String> problems = new ArrayList<>();
    if (text.length() > LABEL_MAX) {
      problems.add("must be no more than 63 characters");
    }
    if (!text.isEmpty() && !QUALIFIED_FORM.matcher(text).matches()) {
      problems.add(LABEL_VALUE_MESSAGE);
    }
    return problems;
  }

  /** A port's name as IANA has them. */
  public static List<String> portName(String text) {
    List<String> problems = new ArrayList<>();
    if (text.length() > 15) {
      problems.add("must be no more than 15 characters");
    }
    if (!PORT_NAME_FORM.matcher(text).matches()) {
      problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (text.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      problems.add("must contain at least one letter (a-z)");
    }
    if (text.contains("--")) {
      problems.add("must not contain consecutive hyphens");
    }
    if (text.startsWith("-") || text.endsWith("-")) {
      problems.add("must not begin or end with a hyphen");
    }
    return problems;
  }

  /** An address of either family. */
  public static List<String> ipAddress(String text) {
    return IpAddress.tryParse(text).isPresent()
        ? List.of()
        : List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }

  /** A prefix; bits after its length may be set, as Kubernetes has always let pass. */
  public static List<String> cidr(String text) {
    try {
      Cidr.parseLenient(text);
      return List.of();
    } catch (IllegalArgumentException _) {
      return List.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }
  }

  /** A prefix without bits set after its length. */
  public static List<String> strictCidr(String text) {
    List<String> problems = cidr(text);
    Optional<IpAddress> address = IpAddress.tryParse(text);
    if (address.isPresent()) {
      return List.of(
          "must be a CIDR; did you mean %s/%d?".formatted(text, address.get().family().bits()));
    }
    if (problems.isEmpty() && Cidr.tryParse(text).isEmpty()) {
      return List.of("must be strictly masked; did you mean " + Cidr.parseLenient(text) + "?");
    }
    return problems;
  }

  /** A MAC address. */
  public static List<String> mac(String text) {
    return parsed(text, MacAddress::parse);
  }

  /** A Calico selector. */
  public static List<String> calicoSelector(String text) {
    return parsed(text, Selector::parse);
  }

  /** A port of a Calico rule: digits, a range as {@code 80:90}, or a name. */
  public static List<String> calicoPort(String text) {
    return parsed(text, RulePort::parse);
  }

  /** The name of a port as rules of Calico may have it. */
  public static List<String> calicoPortName(String text) {
    return parsed(text, RulePort.Named::new);
  }

  /** A path of an HTTP request, without query and fragment. */
  public static List<String> httpPath(String text) {
    List<String> problems = new ArrayList<>();
    if (!text.startsWith("/")) {
      problems.add("must begin with /");
    }
    if (text.chars().anyMatch(c -> c == '?' || c == '#' || Character.isWhitespace(c))) {
      problems.add("must not contain '?', '#' or blanks");
    }
    return problems;
  }

  /** The name of a network device, or an asterisk for all. */
  public static List<String> interfaceName(String text) {
    return text.equals("*") || INTERFACE_FORM.matcher(text).matches()
        ? List.of()
        : List.of("must be * or 1 to 15 letters, digits, '_', '.' and '-'");
  }

  /** A domain name of two labels or more, perhaps with an asterisk for the first. */
  public static List<String> domainName(String text) {
    return DOMAIN_FORM.matcher(text).matches()
        ? List.of()
        : List.of("must be a domain name like example.org or *.example.org");
  }

  /** An address or a prefix. */
  public static List<String> net(String text) {
    return text.indexOf('/') < 0 ? ipAddress(text) : cidr(text);
  }

  /** A point in time, RFC 3339. */
  public static List<String> time(String text) {
    try {
      Instant.parse(text);
      return List.of();
    } catch (DateTimeParseException _) {
      return List.of("must be a time like 2006-01-02T15:04:05Z");
    }
  }

  /** Anything but the empty text. */
  public static List<String> notBlank(String text) {
    return text.isBlank() ? List.of("must not be empty") : List.of();
  }

  private static List<String> parsed(String text, Function<String, ?> parser) {
    try {
      var _ = parser.apply(text);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
