package io.ocicat.bgp.fsm;

import static io.ocicat.bgp.fsm.FsmAction.COMPLETE_INITIALISATION;
import static io.ocicat.bgp.fsm.FsmAction.DELETE_ROUTES;
import static io.ocicat.bgp.fsm.FsmAction.DETECT_COLLISION;
import static io.ocicat.bgp.fsm.FsmAction.DROP_CONNECTION;
import static io.ocicat.bgp.fsm.FsmAction.INCREMENT_CONNECT_RETRY_COUNTER;
import static io.ocicat.bgp.fsm.FsmAction.INITIALISE_RESOURCES;
import static io.ocicat.bgp.fsm.FsmAction.INITIATE_CONNECTION;
import static io.ocicat.bgp.fsm.FsmAction.PROCESS_UPDATE;
import static io.ocicat.bgp.fsm.FsmAction.REJECT_CONNECTION;
import static io.ocicat.bgp.fsm.FsmAction.RELEASE_RESOURCES;
import static io.ocicat.bgp.fsm.FsmAction.RESTART_HOLD_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.SEND_CEASE;
import static io.ocicat.bgp.fsm.FsmAction.SEND_FSM_ERROR;
import static io.ocicat.bgp.fsm.FsmAction.SEND_HOLD_TIMER_EXPIRED;
import static io.ocicat.bgp.fsm.FsmAction.SEND_KEEPALIVE;
import static io.ocicat.bgp.fsm.FsmAction.SEND_NOTIFICATION_OF_ERROR;
import static io.ocicat.bgp.fsm.FsmAction.SEND_OPEN;
import static io.ocicat.bgp.fsm.FsmAction.SEND_SEND_HOLD_TIMER_EXPIRED;
import static io.ocicat.bgp.fsm.FsmAction.START_CONNECT_RETRY_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.START_DELAY_OPEN_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.START_KEEPALIVE_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.START_LARGE_HOLD_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.START_NEGOTIATED_HOLD_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.STOP_CONNECT_RETRY_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.STOP_DELAY_OPEN_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.STOP_HOLD_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.STOP_KEEPALIVE_TIMER;
import static io.ocicat.bgp.fsm.FsmAction.TRACK_SECOND_CONNECTION;
import static io.ocicat.bgp.fsm.FsmAction.ZERO_CONNECT_RETRY_COUNTER;
import static io.ocicat.bgp.fsm.FsmFact.COLLISION_DETECT_ESTABLISHED_STATE;
import static io.ocicat.bgp.fsm.FsmFact.DELAY_OPEN;
import static io.ocicat.bgp.fsm.FsmFact.DELAY_OPEN_TIMER_RUNNING;
import static io.ocicat.bgp.fsm.FsmFact.HOLD_TIME_ZERO;
import static io.ocicat.bgp.fsm.FsmFact.PASSIVE_TCP_ESTABLISHMENT;
import static io.ocicat.bgp.fsm.FsmFact.SEND_NOTIFICATION_WITHOUT_OPEN;
import static io.ocicat.bgp.fsm.FsmState.ACTIVE;
import static io.ocicat.bgp.fsm.FsmState.CONNECT;
import static io.ocicat.bgp.fsm.FsmState.ESTABLISHED;
import static io.ocicat.bgp.fsm.FsmState.IDLE;
import static io.ocicat.bgp.fsm.FsmState.OPEN_CONFIRM;
import static io.ocicat.bgp.fsm.FsmState.OPEN_SENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The transition function of RFC 4271 §8.2.2, one method a state, in the RFC's order.
 *
 * <p>Where the RFC leaves room: with DampPeerOscillations, events 6, 7 and 13 start from Idle as
 * events 3 and 5 do, but keep the ConnectRetryCounter, which the time in Idle grows with. Event 29
 * is RFC 9687's.
 */
public final class Fsm {

  private Fsm() {}

  /** What to do at an event, and which state follows. */
  public static Transition next(FsmState state, FsmEvent event, Set<FsmFact> facts) {
    return switch (state) {
      case IDLE -> idle(event, facts);
      case CONNECT -> connect(event, facts);
      case ACTIVE -> active(event, facts);
      case OPEN_SENT -> openSent(event, facts);
      case OPEN_CONFIRM -> openConfirm(event, facts);
      case ESTABLISHED -> established(event, facts);
    };
  }

  private static Transition idle(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START, AUTOMATIC_START -> start(ZERO_CONNECT_RETRY_COUNTER);
      case MANUAL_START_PASSIVE, AUTOMATIC_START_PASSIVE ->
          startPassive(ZERO_CONNECT_RETRY_COUNTER);
      case AUTOMATIC_START_DAMPED -> start();
      case AUTOMATIC_START_DAMPED_PASSIVE -> startPassive();
      case IDLE_HOLD_TIMER_EXPIRES ->
          facts.contains(PASSIVE_TCP_ESTABLISHMENT) ? startPassive() : start();
      // Idle refuses connections; anything else is ignored.
      case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED, TCP_CONNECTION_VALID, TCP_CR_INVALID ->
          stay(IDLE, REJECT_CONNECTION);
      case MANUAL_STOP,
          AUTOMATIC_STOP,
          CONNECT_RETRY_TIMER_EXPIRES,
          HOLD_TIMER_EXPIRES,
          KEEPALIVE_TIMER_EXPIRES,
          DELAY_OPEN_TIMER_EXPIRES,
          TCP_CONNECTION_FAILS,
          BGP_OPEN,
          BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING,
          BGP_HEADER_ERR,
          BGP_OPEN_MSG_ERR,
          OPEN_COLLISION_DUMP,
          NOTIF_MSG_VER_ERR,
          NOTIF_MSG,
          KEEPALIVE_MSG,
          UPDATE_MSG,
          UPDATE_MSG_ERR,
          SEND_HOLD_TIMER_EXPIRES ->
          stay(IDLE);
    };
  }

  private static Transition start(FsmAction... first) {
    return list(INITIALISE_RESOURCES)
        .and(first)
        .and(START_CONNECT_RETRY_TIMER, INITIATE_CONNECTION)
        .to(CONNECT);
  }

  private static Transition startPassive(FsmAction... first) {
    return list(INITIALISE_RESOURCES).and(first).and(START_CONNECT_RETRY_TIMER).to(ACTIVE);
  }

  private static Transition connect(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START,
          AUTOMATIC_START,
          MANUAL_START_PASSIVE,
          AUTOMATIC_START_PASSIVE,
          AUTOMATIC_START_DAMPED,
          AUTOMATIC_START_DAMPED_PASSIVE ->
          stay(CONNECT);
      case MANUAL_STOP ->
          list(DROP_CONNECTION, RELEASE_RESOURCES, ZERO_CONNECT_RETRY_COUNTER)
              .and(STOP_CONNECT_RETRY_TIMER)
              .to(IDLE);
      case CONNECT_RETRY_TIMER_EXPIRES ->
          list(DROP_CONNECTION, START_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER)
              .and(INITIATE_CONNECTION)
              .to(CONNECT);
      case DELAY_OPEN_TIMER_EXPIRES -> list(SEND_OPEN, START_LARGE_HOLD_TIMER).to(OPEN_SENT);
      case TCP_CONNECTION_VALID -> stay(CONNECT);
      case TCP_CR_INVALID -> stay(CONNECT, REJECT_CONNECTION);
      case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED -> connectionSucceeds(CONNECT, facts);
      case TCP_CONNECTION_FAILS ->
          facts.contains(DELAY_OPEN_TIMER_RUNNING)
              ? list(START_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER, DROP_CONNECTION).to(ACTIVE)
              : list(STOP_CONNECT_RETRY_TIMER, DROP_CONNECTION, RELEASE_RESOURCES).to(IDLE);
      case BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> openWhileDelayed(facts);
      case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> errorBeforeOpen(facts);
      case NOTIF_MSG_VER_ERR -> versionErrorBeforeOpen(facts);
      case AUTOMATIC_STOP,
          HOLD_TIMER_EXPIRES,
          KEEPALIVE_TIMER_EXPIRES,
          IDLE_HOLD_TIMER_EXPIRES,
          BGP_OPEN,
          OPEN_COLLISION_DUMP,
          NOTIF_MSG,
          KEEPALIVE_MSG,
          UPDATE_MSG,
          UPDATE_MSG_ERR,
          SEND_HOLD_TIMER_EXPIRES ->
          list(STOP_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER).failed(facts);
    };
  }

  private static Transition active(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START,
          AUTOMATIC_START,
          MANUAL_START_PASSIVE,
          AUTOMATIC_START_PASSIVE,
          AUTOMATIC_START_DAMPED,
          AUTOMATIC_START_DAMPED_PASSIVE ->
          stay(ACTIVE);
      case MANUAL_STOP ->
          list()
              .when(
                  facts.contains(DELAY_OPEN_TIMER_RUNNING)
                      && facts.contains(SEND_NOTIFICATION_WITHOUT_OPEN),
                  SEND_CEASE)
              .and(RELEASE_RESOURCES, STOP_DELAY_OPEN_TIMER, DROP_CONNECTION)
              .and(ZERO_CONNECT_RETRY_COUNTER, STOP_CONNECT_RETRY_TIMER)
              .to(IDLE);
      case CONNECT_RETRY_TIMER_EXPIRES ->
          list(START_CONNECT_RETRY_TIMER, INITIATE_CONNECTION).to(CONNECT);
      case DELAY_OPEN_TIMER_EXPIRES ->
          list(STOP_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER, COMPLETE_INITIALISATION)
              .and(SEND_OPEN, START_LARGE_HOLD_TIMER)
              .to(OPEN_SENT);
      case TCP_CONNECTION_VALID -> stay(ACTIVE);
      case TCP_CR_INVALID -> stay(ACTIVE, REJECT_CONNECTION);
      case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED -> connectionSucceeds(ACTIVE, facts);
      case TCP_CONNECTION_FAILS ->
          list(START_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER).failed(facts);
      case BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> openWhileDelayed(facts);
      case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> errorBeforeOpen(facts);
      case NOTIF_MSG_VER_ERR -> versionErrorBeforeOpen(facts);
      case AUTOMATIC_STOP,
          HOLD_TIMER_EXPIRES,
          KEEPALIVE_TIMER_EXPIRES,
          IDLE_HOLD_TIMER_EXPIRES,
          BGP_OPEN,
          OPEN_COLLISION_DUMP,
          NOTIF_MSG,
          KEEPALIVE_MSG,
          UPDATE_MSG,
          UPDATE_MSG_ERR,
          SEND_HOLD_TIMER_EXPIRES ->
          list(STOP_CONNECT_RETRY_TIMER).failed(facts);
    };
  }

  /** Events 16 and 17 in Connect and Active. */
  private static Transition connectionSucceeds(FsmState state, Set<FsmFact> facts) {
    return facts.contains(DELAY_OPEN)
        ? list(STOP_CONNECT_RETRY_TIMER, START_DELAY_OPEN_TIMER).to(state)
        : list(STOP_CONNECT_RETRY_TIMER, COMPLETE_INITIALISATION, SEND_OPEN)
            .and(START_LARGE_HOLD_TIMER)
            .to(OPEN_SENT);
  }

  /** Event 20 in Connect and Active. */
  private static Transition openWhileDelayed(Set<FsmFact> facts) {
    return list(STOP_CONNECT_RETRY_TIMER, COMPLETE_INITIALISATION, STOP_DELAY_OPEN_TIMER)
        .and(SEND_OPEN, SEND_KEEPALIVE)
        .and(holdTimers(facts))
        .and(DETECT_COLLISION)
        .to(OPEN_CONFIRM);
  }

  private static FsmAction[] holdTimers(Set<FsmFact> facts) {
    return facts.contains(HOLD_TIME_ZERO)
        ? new FsmAction[] {STOP_KEEPALIVE_TIMER, STOP_HOLD_TIMER}
        : new FsmAction[] {START_KEEPALIVE_TIMER, START_NEGOTIATED_HOLD_TIMER};
  }

  /** Events 21 and 22 in Connect and Active. */
  private static Transition errorBeforeOpen(Set<FsmFact> facts) {
    return list()
        .when(facts.contains(SEND_NOTIFICATION_WITHOUT_OPEN), SEND_NOTIFICATION_OF_ERROR)
        .and(STOP_CONNECT_RETRY_TIMER)
        .failed(facts);
  }

  /** Event 24 in Connect and Active. */
  private static Transition versionErrorBeforeOpen(Set<FsmFact> facts) {
    return facts.contains(DELAY_OPEN_TIMER_RUNNING)
        ? list(STOP_CONNECT_RETRY_TIMER, STOP_DELAY_OPEN_TIMER, RELEASE_RESOURCES)
            .and(DROP_CONNECTION)
            .to(IDLE)
        : list(STOP_CONNECT_RETRY_TIMER).failed(facts);
  }

  private static Transition openSent(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START,
          AUTOMATIC_START,
          MANUAL_START_PASSIVE,
          AUTOMATIC_START_PASSIVE,
          AUTOMATIC_START_DAMPED,
          AUTOMATIC_START_DAMPED_PASSIVE ->
          stay(OPEN_SENT);
      case MANUAL_STOP -> stopped();
      case AUTOMATIC_STOP, OPEN_COLLISION_DUMP ->
          list(SEND_CEASE, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case HOLD_TIMER_EXPIRES ->
          list(SEND_HOLD_TIMER_EXPIRED, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case TCP_CONNECTION_VALID, TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED ->
          stay(OPEN_SENT, TRACK_SECOND_CONNECTION);
      case TCP_CR_INVALID -> stay(OPEN_SENT);
      case TCP_CONNECTION_FAILS -> list(DROP_CONNECTION, START_CONNECT_RETRY_TIMER).to(ACTIVE);
      case BGP_OPEN ->
          list(STOP_DELAY_OPEN_TIMER, STOP_CONNECT_RETRY_TIMER, SEND_KEEPALIVE)
              .and(holdTimers(facts))
              .and(DETECT_COLLISION)
              .to(OPEN_CONFIRM);
      case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR ->
          list(SEND_NOTIFICATION_OF_ERROR, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case NOTIF_MSG_VER_ERR ->
          list(STOP_CONNECT_RETRY_TIMER, RELEASE_RESOURCES, DROP_CONNECTION).to(IDLE);
      case CONNECT_RETRY_TIMER_EXPIRES,
          KEEPALIVE_TIMER_EXPIRES,
          DELAY_OPEN_TIMER_EXPIRES,
          IDLE_HOLD_TIMER_EXPIRES,
          BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING,
          NOTIF_MSG,
          KEEPALIVE_MSG,
          UPDATE_MSG,
          UPDATE_MSG_ERR ->
          list(SEND_FSM_ERROR, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case SEND_HOLD_TIMER_EXPIRES -> list(STOP_CONNECT_RETRY_TIMER).failed(facts);
    };
  }

  private static Transition openConfirm(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START,
          AUTOMATIC_START,
          MANUAL_START_PASSIVE,
          AUTOMATIC_START_PASSIVE,
          AUTOMATIC_START_DAMPED,
          AUTOMATIC_START_DAMPED_PASSIVE ->
          stay(OPEN_CONFIRM);
      case MANUAL_STOP -> stopped();
      case AUTOMATIC_STOP, OPEN_COLLISION_DUMP ->
          list(SEND_CEASE, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case HOLD_TIMER_EXPIRES ->
          list(SEND_HOLD_TIMER_EXPIRED, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case KEEPALIVE_TIMER_EXPIRES -> list(SEND_KEEPALIVE, START_KEEPALIVE_TIMER).to(OPEN_CONFIRM);
      case TCP_CONNECTION_VALID, TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED ->
          stay(OPEN_CONFIRM, TRACK_SECOND_CONNECTION);
      case TCP_CR_INVALID -> stay(OPEN_CONFIRM);
      case TCP_CONNECTION_FAILS, NOTIF_MSG -> list(STOP_CONNECT_RETRY_TIMER).failed(facts);
      case NOTIF_MSG_VER_ERR ->
          list(STOP_CONNECT_RETRY_TIMER, RELEASE_RESOURCES, DROP_CONNECTION).to(IDLE);
      case BGP_OPEN -> stay(OPEN_CONFIRM, DETECT_COLLISION);
      case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR ->
          list(SEND_NOTIFICATION_OF_ERROR, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case KEEPALIVE_MSG -> list(RESTART_HOLD_TIMER).to(ESTABLISHED);
      case CONNECT_RETRY_TIMER_EXPIRES,
          DELAY_OPEN_TIMER_EXPIRES,
          IDLE_HOLD_TIMER_EXPIRES,
          BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING,
          UPDATE_MSG,
          UPDATE_MSG_ERR ->
          list(SEND_FSM_ERROR, STOP_CONNECT_RETRY_TIMER).failed(facts);
      case SEND_HOLD_TIMER_EXPIRES ->
          list(SEND_SEND_HOLD_TIMER_EXPIRED, STOP_CONNECT_RETRY_TIMER).failed(facts);
    };
  }

  private static Transition established(FsmEvent event, Set<FsmFact> facts) {
    return switch (event) {
      case MANUAL_START,
          AUTOMATIC_START,
          MANUAL_START_PASSIVE,
          AUTOMATIC_START_PASSIVE,
          AUTOMATIC_START_DAMPED,
          AUTOMATIC_START_DAMPED_PASSIVE ->
          stay(ESTABLISHED);
      case MANUAL_STOP ->
          list(SEND_CEASE, STOP_CONNECT_RETRY_TIMER, DELETE_ROUTES, RELEASE_RESOURCES)
              .and(DROP_CONNECTION, ZERO_CONNECT_RETRY_COUNTER)
              .to(IDLE);
      case AUTOMATIC_STOP, OPEN_COLLISION_DUMP -> lost(facts, SEND_CEASE);
      case HOLD_TIMER_EXPIRES -> lost(facts, SEND_HOLD_TIMER_EXPIRED);
      case KEEPALIVE_TIMER_EXPIRES ->
          list(SEND_KEEPALIVE)
              .when(!facts.contains(HOLD_TIME_ZERO), START_KEEPALIVE_TIMER)
              .to(ESTABLISHED);
      case TCP_CONNECTION_VALID, TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED ->
          stay(ESTABLISHED, TRACK_SECOND_CONNECTION);
      case TCP_CR_INVALID -> stay(ESTABLISHED);
      case BGP_OPEN ->
          facts.contains(COLLISION_DETECT_ESTABLISHED_STATE)
              ? stay(ESTABLISHED, DETECT_COLLISION)
              : lost(facts, SEND_FSM_ERROR);
      case NOTIF_MSG_VER_ERR, NOTIF_MSG, TCP_CONNECTION_FAILS ->
          list(STOP_CONNECT_RETRY_TIMER, DELETE_ROUTES, RELEASE_RESOURCES, DROP_CONNECTION)
              .and(INCREMENT_CONNECT_RETRY_COUNTER)
              .to(IDLE);
      case KEEPALIVE_MSG ->
          list().when(!facts.contains(HOLD_TIME_ZERO), RESTART_HOLD_TIMER).to(ESTABLISHED);
      case UPDATE_MSG ->
          list(PROCESS_UPDATE)
              .when(!facts.contains(HOLD_TIME_ZERO), RESTART_HOLD_TIMER)
              .to(ESTABLISHED);
      case UPDATE_MSG_ERR -> lost(facts, SEND_NOTIFICATION_OF_ERROR);
      // The RFC has 21 and 22 among "any other event", which its §6.1 and §6.2 say more of.
      case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> lost(facts, SEND_NOTIFICATION_OF_ERROR);
      case CONNECT_RETRY_TIMER_EXPIRES,
          DELAY_OPEN_TIMER_EXPIRES,
          IDLE_HOLD_TIMER_EXPIRES,
          BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING ->
          lost(facts, SEND_FSM_ERROR);
      case SEND_HOLD_TIMER_EXPIRES -> lost(facts, SEND_SEND_HOLD_TIMER_EXPIRED);
    };
  }

  /** Event 2 in OpenSent and OpenConfirm. */
  private static Transition stopped() {
    return list(SEND_CEASE, STOP_CONNECT_RETRY_TIMER, RELEASE_RESOURCES, DROP_CONNECTION)
        .and(ZERO_CONNECT_RETRY_COUNTER)
        .to(IDLE);
  }

  /** The end of an established session, with a word to the other side. */
  private static Transition lost(Set<FsmFact> facts, FsmAction word) {
    return list(word, STOP_CONNECT_RETRY_TIMER, DELETE_ROUTES).failed(facts);
  }

  private static Transition stay(FsmState state, FsmAction... actions) {
    return new Transition(state, List.of(actions));
  }

  private static Steps list(FsmAction... actions) {
    return new Steps().and(actions);
  }

  /** Actions in the making. */
  private static final class Steps {
    private final List<FsmAction> actions = new ArrayList<>();

    Steps and(FsmAction... more) {
      actions.addAll(List.of(more));
      return this;
    }

    Steps when(boolean condition, FsmAction action) {
      return condition ? and(action) : this;
    }

    Transition to(FsmState next) {
      return new Transition(next, actions);
    }

    /** The end that most errors have in common. */
    Transition failed(Set<FsmFact> facts) {
      return and(RELEASE_RESOURCES, DROP_CONNECTION, INCREMENT_CONNECT_RETRY_COUNTER)
          .when(facts.contains(FsmFact.DAMP_PEER_OSCILLATIONS), FsmAction.DAMP_PEER_OSCILLATIONS)
          .to(IDLE);
    }
  }
}
