package io.ocicat.bgpd;

import io.ocicat.bgp.policy.Change;
import io.ocicat.bgp.policy.Condition;
import io.ocicat.bgp.policy.PrefixRange;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgp.policy.Term;
import io.ocicat.bgpwire.Asn;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads policies and the lists of prefixes that they share.
 *
 * <pre>
 * prefixLists:
 * - name: pods
 *   prefixes: [10.244.0.0/16+, "fd00:10::/48{56,64}"]   # and longer; of these lengths; as it is
 * policies:
 * - name: from-tor
 *   otherwise: reject                 # if no term decides; the default
 *   terms:                            # the first that holds and does not continue decides
 *   - name: pods
 *     match: {prefixList: pods, communities: ["65001:100"]}   # all must hold
 *     set: {localPref: 200, addCommunities: [no-export]}
 *     action: accept                  # the default; reject, continue
 * </pre>
 */
final class PolicyReader {

  private static final long MOST_AS = 0xffff_ffffL;
  private static final long MOST_32_BITS = 0xffff_ffffL;
  private static final int MOST_PREPENDED = 64;

  /** What stands for a policy where a peer names one. */
  private static final String ALL = "all";

  private static final String NONE = "none";

  private final Map<String, List<PrefixRange>> prefixLists = new LinkedHashMap<>();
  private final Map<String, RoutePolicy> policies = new LinkedHashMap<>();

  private enum Otherwise {
    ACCEPT,
    REJECT
  }

  enum NeighbourKind {
    INTERNAL,
    EXTERNAL
  }

  PolicyReader(Fields file) {
    for (Fields list : file.mappings("prefixLists")) {
      List<PrefixRange> ranges = list.list("prefixes", PolicyReader::range, RANGE_FORM);
      unique(list, prefixLists).ifPresent(name -> prefixLists.put(name, ranges));
      list.done();
    }
    for (Fields policy : file.mappings("policies")) {
      RoutePolicy read = policy(policy);
      unique(policy, policies).ifPresent(name -> policies.put(name, read));
      policy.done();
    }
  }

  /** By name, in the order of the file. */
  Map<String, RoutePolicy> policies() {
    return policies;
  }

  private static Optional<String> unique(Fields fields, Map<String, ?> known) {
    String name = fields.text("name", "");
    if (name.isEmpty()) {
      fields.problem("name", "missing");
      return Optional.empty();
    }
    if (known.containsKey(name) || name.equals(ALL) || name.equals(NONE)) {
      fields.problem("name", "'%s' is taken".formatted(name));
      return Optional.empty();
    }
    return Optional.of(name);
  }

  // ---- what peers name

  /** Both policies of a peer: a name, or one for each family. */
  RoutePolicies of(Fields peer) {
    Map<String, RoutePolicy> in = named(peer, "import");
    Map<String, RoutePolicy> out = named(peer, "export");
    return new RoutePolicies(
        in.getOrDefault("ipv4", RoutePolicy.ACCEPT_ALL),
        in.getOrDefault("ipv6", RoutePolicy.ACCEPT_ALL),
        out.getOrDefault("ipv4", RoutePolicy.ACCEPT_ALL),
        out.getOrDefault("ipv6", RoutePolicy.ACCEPT_ALL));
  }

  private Map<String, RoutePolicy> named(Fields peer, String direction) {
    Map<String, RoutePolicy> named = new LinkedHashMap<>();
    if (!peer.has(direction)) {
      return named;
    }
    if (peer.isMapping(direction)) {
      peer.mapping(direction)
          .ifPresent(
              families -> {
                for (String family : List.of("ipv4", "ipv6")) {
                  families
                      .parsed(family, this::policyOf, form())
                      .ifPresent(policy -> named.put(family, policy));
                }
                families.done();
              });
      return named;
    }
    peer.parsed(direction, this::policyOf, form())
        .ifPresent(
            policy -> {
              named.put("ipv4", policy);
              named.put("ipv6", policy);
            });
    return named;
  }

  private Optional<RoutePolicy> policyOf(String name) {
    return switch (name) {
      // By another name than that of a peer which says nothing: this one has a policy (RFC 8212).
      case ALL -> Optional.of(new RoutePolicy(ALL, List.of(), true));
      case NONE -> Optional.of(RoutePolicy.REJECT_ALL);
      default -> Optional.ofNullable(policies.get(name));
    };
  }

  private String form() {
    List<String> names = new ArrayList<>(List.of(ALL, NONE));
    names.addAll(policies.keySet());
    return "a policy; there are " + String.join(", ", names);
  }

  // ---- policies

  private RoutePolicy policy(Fields fields) {
    String name = fields.text("name", "");
    List<Term> terms = new ArrayList<>();
    for (Fields term : fields.mappings("terms")) {
      String termName = term.text("name", "term " + (terms.size() + 1));
      List<Condition> conditions = new ArrayList<>();
      term.mapping("match").ifPresent(match -> conditions.addAll(conditions(match)));
      List<Change> changes = new ArrayList<>();
      term.mapping("set").ifPresent(set -> changes.addAll(changes(set)));
      Term.Outcome outcome = term.word("action", Term.Outcome.class).orElse(Term.Outcome.ACCEPT);
      terms.add(new Term(name + "/" + termName, conditions, changes, outcome));
      term.done();
    }
    boolean accept =
        fields.word("otherwise", Otherwise.class).orElse(Otherwise.REJECT) == Otherwise.ACCEPT;
    return new RoutePolicy(name + "/otherwise", terms, accept);
  }

  private List<Condition> conditions(Fields match) {
    List<Condition> all = new ArrayList<>();
    prefixes(match, all);
    bounds(match, "length", 128)
        .ifPresent(bounds -> all.add(new Condition.Lengths(bounds[0], bounds[1])));
    if (match.has("source")) {
      all.add(new Condition.From(match.words("source", RouteSource.class)));
    }
    if (match.has("interface")) {
      all.add(new Condition.Device(match.text("interface", "")));
    }
    match
        .word("neighbour", NeighbourKind.class)
        .ifPresent(kind -> all.add(new Condition.Neighbour(kind == NeighbourKind.EXTERNAL)));
    if (match.has("asPathStarts")) {
      all.add(new Condition.AsPathStarts(ases(match, "asPathStarts")));
    }
    for (long as : ases(match, "asPathContains")) {
      all.add(new Condition.AsPathContains(as));
    }
    if (match.has("originAs")) {
      all.add(new Condition.OriginatedBy(match.number("originAs", 1, 1, MOST_AS)));
    }
    bounds(match, "asPathLength", 4096)
        .ifPresent(bounds -> all.add(new Condition.AsPathLength(bounds[0], bounds[1])));
    communities(match, "communities").forEach(c -> all.add(new Condition.HasCommunity(c)));
    large(match, "largeCommunities").forEach(c -> all.add(new Condition.HasLargeCommunity(c)));
    if (match.has("localPref")) {
      all.add(new Condition.LocalPref(match.number("localPref", 0, 0, MOST_32_BITS)));
    }
    match
        .parsed("nextHop", Cidr::tryParse, "a prefix")
        .ifPresent(prefix -> all.add(new Condition.NextHopIn(prefix)));
    match.done();
    return all;
  }

  private void prefixes(Fields match, List<Condition> all) {
    for (boolean inside : new boolean[] {true, false}) {
      String each = inside ? "prefixes" : "notPrefixes";
      if (match.has(each)) {
        all.add(new Condition.Prefixes(match.list(each, PolicyReader::range, RANGE_FORM), inside));
      }
      match
          .parsed(
              inside ? "prefixList" : "notPrefixList",
              name -> Optional.ofNullable(prefixLists.get(name)),
              "a prefix list; there are " + String.join(", ", prefixLists.keySet()))
          .ifPresent(ranges -> all.add(new Condition.Prefixes(ranges, inside)));
    }
  }

  private static Optional<int[]> bounds(Fields fields, String name, int most) {
    Optional<Fields> mapping = fields.mapping(name);
    if (mapping.isEmpty()) {
      return Optional.empty();
    }
    int from = (int) mapping.get().number("from", 0, 0, most);
    int to = (int) mapping.get().number("to", most, 0, most);
    mapping.get().done();
    if (from > to) {
      fields.problem(name, "from " + from + " to " + to + " is nothing");
      return Optional.empty();
    }
    return Optional.of(new int[] {from, to});
  }

  private List<Change> changes(Fields set) {
    List<Change> all = new ArrayList<>();
    if (set.has("localPref")) {
      all.add(new Change.SetLocalPref(set.number("localPref", 0, 0, MOST_32_BITS)));
    }
    if (set.isWord("med", "none")) {
      all.add(new Change.RemoveMed());
    } else if (set.has("med")) {
      all.add(new Change.SetMed(set.number("med", 0, 0, MOST_32_BITS)));
    }
    if (set.has("prepend")) {
      List<Long> prepended = ases(set, "prepend");
      if (prepended.size() > MOST_PREPENDED) {
        set.problem("prepend", "more than " + MOST_PREPENDED);
      }
      all.add(new Change.Prepend(prepended));
    }
    change(set, "communities", PolicyReader::communities, Change.SetCommunities::new, all);
    change(set, "addCommunities", PolicyReader::communities, Change.AddCommunities::new, all);
    change(set, "deleteCommunities", PolicyReader::communities, Change.DeleteCommunities::new, all);
    change(set, "largeCommunities", PolicyReader::large, Change.SetLargeCommunities::new, all);
    change(set, "addLargeCommunities", PolicyReader::large, Change.AddLargeCommunities::new, all);
    change(
        set,
        "deleteLargeCommunities",
        PolicyReader::large,
        Change.DeleteLargeCommunities::new,
        all);
    set.address("nextHop").ifPresent(address -> all.add(new Change.SetNextHop(address)));
    set.done();
    return all;
  }

  private interface Values<T> {
    List<T> of(Fields fields, String name);
  }

  private static <T> void change(
      Fields set,
      String name,
      Values<T> values,
      Function<List<T>, Change> change,
      List<Change> to) {
    if (set.has(name)) {
      to.add(change.apply(values.of(set, name)));
    }
  }

  // ---- values

  static List<Long> ases(Fields fields, String name) {
    return fields.list(
        name,
        text ->
            Asn.parse(text).stream()
                .filter(as -> as != 0)
                .mapToObj(Integer::toUnsignedLong)
                .findFirst(),
        "an AS number");
  }

  static List<Community> communities(Fields fields, String name) {
    return fields.list(name, Community::parse, "a community as 65001:100 or no-export");
  }

  static List<LargeCommunity> large(Fields fields, String name) {
    return fields.list(name, LargeCommunity::parse, "a large community as 65001:1:2");
  }

  private static final String RANGE_FORM =
      "a prefix, as 10.0.0.0/8, 10.0.0.0/8+ or 10.0.0.0/8{16,24}";

  /** {@code 10.0.0.0/8}, {@code 10.0.0.0/8+} (and longer) or {@code 10.0.0.0/8{16,24}}. */
  static Optional<PrefixRange> range(String text) {
    if (text.endsWith("+")) {
      return Cidr.tryParse(text.substring(0, text.length() - 1)).map(PrefixRange::in);
    }
    int brace = text.indexOf('{');
    if (brace < 0) {
      return Cidr.tryParse(text).map(PrefixRange::exactly);
    }
    String[] lengths = text.substring(brace + 1).split("[,}]", -1);
    if (lengths.length != 3 || !lengths[2].isEmpty()) {
      return Optional.empty();
    }
    try {
      int shortest = Integer.parseInt(lengths[0].strip());
      int longest = Integer.parseInt(lengths[1].strip());
      return Cidr.tryParse(text.substring(0, brace))
          .filter(
              prefix -> shortest >= 0 && shortest <= longest && longest <= prefix.family().bits())
          .map(prefix -> new PrefixRange(prefix, shortest, longest));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
