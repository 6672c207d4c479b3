package io.ocicat.bgp.fsm;

/** The events of RFC 4271 §8.1, and the one of RFC 9687, by their numbers. */
public enum FsmEvent {
  MANUAL_START(1, "ManualStart"),
  MANUAL_STOP(2, "ManualStop"),
  AUTOMATIC_START(3, "AutomaticStart"),
  MANUAL_START_PASSIVE(4, "ManualStart_with_PassiveTcpEstablishment"),
  AUTOMATIC_START_PASSIVE(5, "AutomaticStart_with_PassiveTcpEstablishment"),
  AUTOMATIC_START_DAMPED(6, "AutomaticStart_with_DampPeerOscillations"),
  AUTOMATIC_START_DAMPED_PASSIVE(
      7, "AutomaticStart_with_DampPeerOscillations_and_PassiveTcpEstablishment"),
  AUTOMATIC_STOP(8, "AutomaticStop"),
  CONNECT_RETRY_TIMER_EXPIRES(9, "ConnectRetryTimer_Expires"),
  HOLD_TIMER_EXPIRES(10, "HoldTimer_Expires"),
  KEEPALIVE_TIMER_EXPIRES(11, "KeepaliveTimer_Expires"),
  DELAY_OPEN_TIMER_EXPIRES(12, "DelayOpenTimer_Expires"),
  IDLE_HOLD_TIMER_EXPIRES(13, "IdleHoldTimer_Expires"),
  TCP_CONNECTION_VALID(14, "TcpConnection_Valid"),
  TCP_CR_INVALID(15, "Tcp_CR_Invalid"),
  TCP_CR_ACKED(16, "Tcp_CR_Acked"),
  TCP_CONNECTION_CONFIRMED(17, "TcpConnectionConfirmed"),
  TCP_CONNECTION_FAILS(18, "TcpConnectionFails"),
  BGP_OPEN(19, "BGPOpen"),
  BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING(20, "BGPOpen with DelayOpenTimer running"),
  BGP_HEADER_ERR(21, "BGPHeaderErr"),
  BGP_OPEN_MSG_ERR(22, "BGPOpenMsgErr"),
  OPEN_COLLISION_DUMP(23, "OpenCollisionDump"),
  NOTIF_MSG_VER_ERR(24, "NotifMsgVerErr"),
  NOTIF_MSG(25, "NotifMsg"),
  KEEPALIVE_MSG(26, "KeepAliveMsg"),
  UPDATE_MSG(27, "UpdateMsg"),
  UPDATE_MSG_ERR(28, "UpdateMsgErr"),
  SEND_HOLD_TIMER_EXPIRES(29, "SendHoldTimer_Expires");

  private final int number;
  private final String text;

  FsmEvent(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** As the RFC writes it. */
  @Override
  public String toString() {
    return text;
  }
}
