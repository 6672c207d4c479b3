package io.ocicat.sync;

import java.util.List;

/** What an agent tells once, for people; lost if no controller can be reached. */
public sealed interface Notice {

  /**
   * Packets that policy denied or was asked to log.
   *
   * @param lost how many more there were since the last such notice, of which nothing is known
   */
  record Logged(List<LoggedFlow> flows, long lost) implements Notice {
    public Logged {
      flows = List.copyOf(flows);
    }
  }

  /**
   * Somebody else had changed what the agent looks after, and it has put that right.
   *
   * @param what kind of thing, such as {@code nft}
   * @param changes sentences, the first of them
   * @param count of all
   */
  record Repaired(String what, List<String> changes, long count) implements Notice {
    public Repaired {
      changes = List.copyOf(changes);
    }
  }

  /**
   * The answer to an inspection.
   *
   * @param inspection the uid of the PolicyInspection
   * @param generation up to which what should be was known
   * @param differences sentences, the first of them; none if nftables is as it should be
   * @param differenceCount of all
   * @param repaired how many differences in nftables have been put right since the agent began
   * @param lastRepaired the last of them, with times
   * @param counts of the rules asked for
   */
  record Inspected(
      String inspection,
      long generation,
      List<String> differences,
      long differenceCount,
      long repaired,
      List<String> lastRepaired,
      List<RuleCount> counts)
      implements Notice {
    public Inspected {
      differences = List.copyOf(differences);
      lastRepaired = List.copyOf(lastRepaired);
      counts = List.copyOf(counts);
    }
  }

  /**
   * What of documents about BGP is not done as their authors may think, at this node; all of it, as
   * often as it changes.
   */
  record Unmet(List<Unfulfilled> list) implements Notice {
    public Unmet {
      list = List.copyOf(list);
    }
  }

  /**
   * Something that is accepted and not done.
   *
   * @param object kind and name, as {@code BGPPeer/rack-1}
   * @param field its field path
   * @param text what becomes of it
   */
  record Unfulfilled(String object, String field, String text) {}

  /**
   * The answer to a {@link SyncItem.StatusRequest}.
   *
   * @param request the name of the CalicoNodeStatus
   * @param uid of it
   */
  record Routed(String request, String uid, NodeRouting routing) implements Notice {}

  /**
   * How often a rule of a policy matched on a node.
   *
   * @param policy whose rule it is
   * @param direction {@code ingress} or {@code egress}
   * @param rule its field path; empty for the end of the policy
   */
  record RuleCount(PolicyRef policy, String direction, String rule, long packets, long bytes) {}
}
