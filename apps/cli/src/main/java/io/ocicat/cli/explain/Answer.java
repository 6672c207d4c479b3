package io.ocicat.cli.explain;

import io.ocicat.policy.Explanation;
import io.ocicat.policy.Flow;
import io.ocicat.policy.explain.Remedy;
import java.util.List;
import java.util.Optional;

/**
 * All that is told of a flow.
 *
 * @param to where it goes: of a Service one backend
 * @param explanation with the change, if there is one
 * @param now without the change; empty if there is none
 * @param remedies the smallest first; none for what is allowed
 * @param notes what the answer does not know or take into account
 */
record Answer(
    FlowEnd from,
    FlowEnd to,
    Flow flow,
    Explanation explanation,
    Optional<Explanation> now,
    List<Remedy> remedies,
    List<String> notes) {
  Answer {
    remedies = List.copyOf(remedies);
    notes = List.copyOf(notes);
  }
}
