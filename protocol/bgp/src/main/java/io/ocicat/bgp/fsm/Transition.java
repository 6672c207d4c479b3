package io.ocicat.bgp.fsm;

import java.util.List;

/** What follows an event. */
public record Transition(FsmState next, List<FsmAction> actions) {

  public Transition {
    actions = List.copyOf(actions);
  }
}
