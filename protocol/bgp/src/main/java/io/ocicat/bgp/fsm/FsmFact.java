package io.ocicat.bgp.fsm;

/** What a transition depends on besides state and event: session attributes and running timers. */
public enum FsmFact {
  DELAY_OPEN,
  DELAY_OPEN_TIMER_RUNNING,
  DAMP_PEER_OSCILLATIONS,
  PASSIVE_TCP_ESTABLISHMENT,
  SEND_NOTIFICATION_WITHOUT_OPEN,
  COLLISION_DETECT_ESTABLISHED_STATE,
  /** The hold time that both OPENs lead to is zero. */
  HOLD_TIME_ZERO
}
