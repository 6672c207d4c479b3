package io.ocicat.bgp.fsm;

/** The states of RFC 4271 §8.2.2. */
public enum FsmState {
  IDLE("Idle"),
  CONNECT("Connect"),
  ACTIVE("Active"),
  OPEN_SENT("OpenSent"),
  OPEN_CONFIRM("OpenConfirm"),
  ESTABLISHED("Established");

  private final String text;

  FsmState(String text) {
    this.text = text;
  }

  /** As the RFC writes it. */
  @Override
  public String toString() {
    return text;
  }
}
