package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A policy of any kind with defaults applied and every field understood or marked as not.
 *
 * @param tier the tier's name
 * @param order in the tier, low first, infinite for none
 * @param subject the endpoints that it applies to
 * @param directions in which it applies to them; rules of other directions are absent
 * @param standing whether it is enforced
 * @param scope which packets of host endpoints it judges; of pods' it judges all
 * @param logDenied whether what it denies, also by applying and not allowing, is reported
 * @param problems about the policy as a whole, for people; each has already been read so that less
 *     is allowed
 */
public record PolicySpec(
    PolicyName name,
    String tier,
    double order,
    Peers.Selection subject,
    Set<Direction> directions,
    List<PolicyRule> ingress,
    List<PolicyRule> egress,
    Standing standing,
    Scope scope,
    boolean logDenied,
    List<String> problems) {

  /** Which packets of a host endpoint a policy judges. */
  public enum Scope {
    /** Those that the host itself sends and receives. */
    OWN,
    /** Those, and the ones that it forwards. */
    FORWARDED_TOO,
    /** All that come in, before destinations are translated. */
    PRE_DNAT,
    /** All, before connections are known; what it allows is never tracked. */
    UNTRACKED
  }

  /** What is done with a policy. */
  public enum Standing {
    /** It decides. */
    ENFORCED,
    /** It is staged, to be or to replace the enforced one of its name. */
    STAGED,
    /** It is staged to take the enforced one of its name away. */
    STAGED_REMOVAL,
    /** Nothing. */
    IGNORED
  }

  public PolicySpec {
    directions = directions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(directions));
    ingress = directions.contains(Direction.INGRESS) ? List.copyOf(ingress) : List.of();
    egress = directions.contains(Direction.EGRESS) ? List.copyOf(egress) : List.of();
    problems = List.copyOf(problems);
  }

  /** Of {@link Scope#OWN}, and one that does not report what it denies. */
  public PolicySpec(
      PolicyName name,
      String tier,
      double order,
      Peers.Selection subject,
      Set<Direction> directions,
      List<PolicyRule> ingress,
      List<PolicyRule> egress,
      Standing standing,
      List<String> problems) {
    this(
        name,
        tier,
        order,
        subject,
        directions,
        ingress,
        egress,
        standing,
        Scope.OWN,
        false,
        problems);
  }

  /** This, but not enforced. */
  public PolicySpec staged(PolicyName as, Standing standing) {
    return new PolicySpec(
        as,
        tier,
        order,
        subject,
        directions,
        ingress,
        egress,
        standing,
        scope,
        logDenied,
        problems);
  }

  /** This, with what it denies reported or not. */
  public PolicySpec withLogDenied(boolean logDenied) {
    return new PolicySpec(
        name,
        tier,
        order,
        subject,
        directions,
        ingress,
        egress,
        standing,
        scope,
        logDenied,
        problems);
  }

  /**
   * What of it does not hold as it is written, each with the field below {@code spec} where there
   * is one: for people.
   */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>(problems);
    for (Direction direction : Direction.values()) {
      for (PolicyRule rule : rules(direction)) {
        switch (rule) {
          case PolicyRule.Nothing(var path, var reason) ->
              complaints.add("spec." + path + ": matches nothing: " + reason);
          case PolicyRule.Match match ->
              match
                  .problems()
                  .forEach(each -> complaints.add("spec." + match.path() + ": " + each));
        }
      }
    }
    return List.copyOf(complaints);
  }

  public boolean isEnforced() {
    return standing == Standing.ENFORCED;
  }

  /** Whether it is counted what it would do. */
  public boolean isStaged() {
    return standing == Standing.STAGED;
  }

  /** Whether the enforced one of its name is there no more once staged policies are enforced. */
  boolean takesPlace() {
    return switch (standing) {
      case STAGED, STAGED_REMOVAL -> true;
      case ENFORCED, IGNORED -> false;
    };
  }

  /** Whether it judges packets of host endpoints at that stage. */
  public boolean judges(HostStage stage) {
    return switch (stage) {
      case UNTRACKED -> scope == Scope.UNTRACKED;
      case PRE_DNAT -> scope == Scope.PRE_DNAT;
      case FORWARD -> scope == Scope.FORWARDED_TOO;
      case OWN -> scope == Scope.OWN || scope == Scope.FORWARDED_TOO;
    };
  }

  public boolean appliesTo(Direction direction) {
    return directions.contains(direction);
  }

  public List<PolicyRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** The Services that its rules name as peers. */
  public Set<ServiceName> servicesNamed() {
    return Stream.of(ingress, egress)
        .flatMap(List::stream)
        .flatMap(
            rule ->
                rule instanceof PolicyRule.Match match
                    ? Stream.of(match.traffic().source(), match.traffic().destination())
                    : Stream.empty())
        .flatMap(
            end ->
                end.peers() instanceof Peers.Service(var name) ? Stream.of(name) : Stream.empty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
