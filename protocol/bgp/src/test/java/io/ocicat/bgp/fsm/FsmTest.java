package io.ocicat.bgp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 4271 §8.2.2 as a table: state, events, facts, next state, actions. */
class FsmTest {

  /**
   * A fact with ! is absent, one not named does not matter. Where the RFC says "optionally performs
   * peer oscillation damping", the row has DAMP? and is tried with and without. Words that many
   * rows share: FAIL = RELEASE DROP INCREMENT DAMP?.
   */
  private static final String TABLE =
      """
      Idle | 1,3 | | Connect | INITIALISE ZERO START_RETRY INITIATE
      Idle | 4,5 | | Active | INITIALISE ZERO START_RETRY
      Idle | 6 | | Connect | INITIALISE START_RETRY INITIATE
      Idle | 7 | | Active | INITIALISE START_RETRY
      Idle | 13 | !PASSIVE_TCP_ESTABLISHMENT | Connect | INITIALISE START_RETRY INITIATE
      Idle | 13 | PASSIVE_TCP_ESTABLISHMENT | Active | INITIALISE START_RETRY
      Idle | 2,8,9-12,18-29 | | Idle |
      Idle | 14-17 | | Idle | REJECT

      Connect | 1,3-7 | | Connect |
      Connect | 2 | | Idle | DROP RELEASE ZERO STOP_RETRY
      Connect | 9 | | Connect | DROP START_RETRY STOP_DELAY INITIATE
      Connect | 12 | | OpenSent | SEND_OPEN START_LARGE_HOLD_TIMER
      Connect | 14 | | Connect |
      Connect | 15 | | Connect | REJECT
      Connect | 16,17 | DELAY_OPEN | Connect | STOP_RETRY START_DELAY_OPEN_TIMER
      Connect | 16,17 | !DELAY_OPEN | OpenSent | STOP_RETRY COMPLETE SEND_OPEN START_LARGE_HOLD_TIMER
      Connect | 18 | DELAY_OPEN_TIMER_RUNNING | Active | START_RETRY STOP_DELAY DROP
      Connect | 18 | !DELAY_OPEN_TIMER_RUNNING | Idle | STOP_RETRY DROP RELEASE
      Connect | 20 | !HOLD_TIME_ZERO | OpenConfirm | STOP_RETRY COMPLETE STOP_DELAY SEND_OPEN SEND_KEEPALIVE START_KEEPALIVE_TIMER START_NEGOTIATED_HOLD_TIMER DETECT_COLLISION
      Connect | 20 | HOLD_TIME_ZERO | OpenConfirm | STOP_RETRY COMPLETE STOP_DELAY SEND_OPEN SEND_KEEPALIVE STOP_KEEPALIVE_TIMER STOP_HOLD_TIMER DETECT_COLLISION
      Connect | 21,22 | SEND_NOTIFICATION_WITHOUT_OPEN | Idle | SEND_NOTIFICATION_OF_ERROR STOP_RETRY FAIL
      Connect | 21,22 | !SEND_NOTIFICATION_WITHOUT_OPEN | Idle | STOP_RETRY FAIL
      Connect | 24 | DELAY_OPEN_TIMER_RUNNING | Idle | STOP_RETRY STOP_DELAY RELEASE DROP
      Connect | 24 | !DELAY_OPEN_TIMER_RUNNING | Idle | STOP_RETRY FAIL
      Connect | 8,10-11,13,19,23,25-29 | | Idle | STOP_RETRY STOP_DELAY FAIL

      Active | 1,3-7 | | Active |
      Active | 2 | DELAY_OPEN_TIMER_RUNNING SEND_NOTIFICATION_WITHOUT_OPEN | Idle | SEND_CEASE RELEASE STOP_DELAY DROP ZERO STOP_RETRY
      Active | 2 | !DELAY_OPEN_TIMER_RUNNING | Idle | RELEASE STOP_DELAY DROP ZERO STOP_RETRY
      Active | 2 | !SEND_NOTIFICATION_WITHOUT_OPEN | Idle | RELEASE STOP_DELAY DROP ZERO STOP_RETRY
      Active | 9 | | Connect | START_RETRY INITIATE
      Active | 12 | | OpenSent | STOP_RETRY STOP_DELAY COMPLETE SEND_OPEN START_LARGE_HOLD_TIMER
      Active | 14 | | Active |
      Active | 15 | | Active | REJECT
      Active | 16,17 | DELAY_OPEN | Active | STOP_RETRY START_DELAY_OPEN_TIMER
      Active | 16,17 | !DELAY_OPEN | OpenSent | STOP_RETRY COMPLETE SEND_OPEN START_LARGE_HOLD_TIMER
      Active | 18 | | Idle | START_RETRY STOP_DELAY FAIL
      Active | 20 | !HOLD_TIME_ZERO | OpenConfirm | STOP_RETRY COMPLETE STOP_DELAY SEND_OPEN SEND_KEEPALIVE START_KEEPALIVE_TIMER START_NEGOTIATED_HOLD_TIMER DETECT_COLLISION
      Active | 20 | HOLD_TIME_ZERO | OpenConfirm | STOP_RETRY COMPLETE STOP_DELAY SEND_OPEN SEND_KEEPALIVE STOP_KEEPALIVE_TIMER STOP_HOLD_TIMER DETECT_COLLISION
      Active | 21,22 | SEND_NOTIFICATION_WITHOUT_OPEN | Idle | SEND_NOTIFICATION_OF_ERROR STOP_RETRY FAIL
      Active | 21,22 | !SEND_NOTIFICATION_WITHOUT_OPEN | Idle | STOP_RETRY FAIL
      Active | 24 | DELAY_OPEN_TIMER_RUNNING | Idle | STOP_RETRY STOP_DELAY RELEASE DROP
      Active | 24 | !DELAY_OPEN_TIMER_RUNNING | Idle | STOP_RETRY FAIL
      Active | 8,10-11,13,19,23,25-29 | | Idle | STOP_RETRY FAIL

      OpenSent | 1,3-7 | | OpenSent |
      OpenSent | 2 | | Idle | SEND_CEASE STOP_RETRY RELEASE DROP ZERO
      OpenSent | 8,23 | | Idle | SEND_CEASE STOP_RETRY FAIL
      OpenSent | 10 | | Idle | SEND_HOLD_TIMER_EXPIRED STOP_RETRY FAIL
      OpenSent | 14,16,17 | | OpenSent | TRACK
      OpenSent | 15 | | OpenSent |
      OpenSent | 18 | | Active | DROP START_RETRY
      OpenSent | 19 | !HOLD_TIME_ZERO | OpenConfirm | STOP_DELAY STOP_RETRY SEND_KEEPALIVE START_KEEPALIVE_TIMER START_NEGOTIATED_HOLD_TIMER DETECT_COLLISION
      OpenSent | 19 | HOLD_TIME_ZERO | OpenConfirm | STOP_DELAY STOP_RETRY SEND_KEEPALIVE STOP_KEEPALIVE_TIMER STOP_HOLD_TIMER DETECT_COLLISION
      OpenSent | 21,22 | | Idle | SEND_NOTIFICATION_OF_ERROR STOP_RETRY FAIL
      OpenSent | 24 | | Idle | STOP_RETRY RELEASE DROP
      OpenSent | 9,11-13,20,25-28 | | Idle | SEND_FSM_ERROR STOP_RETRY FAIL
      OpenSent | 29 | | Idle | STOP_RETRY FAIL

      OpenConfirm | 1,3-7 | | OpenConfirm |
      OpenConfirm | 2 | | Idle | SEND_CEASE STOP_RETRY RELEASE DROP ZERO
      OpenConfirm | 8,23 | | Idle | SEND_CEASE STOP_RETRY FAIL
      OpenConfirm | 10 | | Idle | SEND_HOLD_TIMER_EXPIRED STOP_RETRY FAIL
      OpenConfirm | 11 | | OpenConfirm | SEND_KEEPALIVE START_KEEPALIVE_TIMER
      OpenConfirm | 14,16,17 | | OpenConfirm | TRACK
      OpenConfirm | 15 | | OpenConfirm |
      OpenConfirm | 18,25 | | Idle | STOP_RETRY FAIL
      OpenConfirm | 24 | | Idle | STOP_RETRY RELEASE DROP
      OpenConfirm | 19 | | OpenConfirm | DETECT_COLLISION
      OpenConfirm | 21,22 | | Idle | SEND_NOTIFICATION_OF_ERROR STOP_RETRY FAIL
      OpenConfirm | 26 | | Established | RESTART_HOLD_TIMER
      OpenConfirm | 9,12-13,20,27-28 | | Idle | SEND_FSM_ERROR STOP_RETRY FAIL
      OpenConfirm | 29 | | Idle | SEND_SEND_HOLD_TIMER_EXPIRED STOP_RETRY FAIL

      Established | 1,3-7 | | Established |
      Established | 2 | | Idle | SEND_CEASE STOP_RETRY DELETE_ROUTES RELEASE DROP ZERO
      Established | 8,23 | | Idle | SEND_CEASE STOP_RETRY DELETE_ROUTES FAIL
      Established | 10 | | Idle | SEND_HOLD_TIMER_EXPIRED STOP_RETRY DELETE_ROUTES FAIL
      Established | 11 | !HOLD_TIME_ZERO | Established | SEND_KEEPALIVE START_KEEPALIVE_TIMER
      Established | 11 | HOLD_TIME_ZERO | Established | SEND_KEEPALIVE
      Established | 14,16,17 | | Established | TRACK
      Established | 15 | | Established |
      Established | 19 | COLLISION_DETECT_ESTABLISHED_STATE | Established | DETECT_COLLISION
      Established | 19 | !COLLISION_DETECT_ESTABLISHED_STATE | Idle | SEND_FSM_ERROR STOP_RETRY DELETE_ROUTES FAIL
      Established | 18,24,25 | | Idle | STOP_RETRY DELETE_ROUTES RELEASE DROP INCREMENT
      Established | 26 | !HOLD_TIME_ZERO | Established | RESTART_HOLD_TIMER
      Established | 26 | HOLD_TIME_ZERO | Established |
      Established | 27 | !HOLD_TIME_ZERO | Established | PROCESS_UPDATE RESTART_HOLD_TIMER
      Established | 27 | HOLD_TIME_ZERO | Established | PROCESS_UPDATE
      Established | 28,21,22 | | Idle | SEND_NOTIFICATION_OF_ERROR STOP_RETRY DELETE_ROUTES FAIL
      Established | 9,12-13,20 | | Idle | SEND_FSM_ERROR STOP_RETRY DELETE_ROUTES FAIL
      Established | 29 | | Idle | SEND_SEND_HOLD_TIMER_EXPIRED STOP_RETRY DELETE_ROUTES FAIL
      """;

  private record Row(
      String text,
      FsmState state,
      List<FsmEvent> events,
      Set<FsmFact> present,
      Set<FsmFact> absent,
      FsmState next,
      String actions) {

    boolean fits(Set<FsmFact> facts) {
      return facts.containsAll(present) && absent.stream().noneMatch(facts::contains);
    }
  }

  @Test
  void everyStateAndEventDoesAsTheTableSays() {
    List<Row> rows = TABLE.lines().filter(line -> !line.isBlank()).map(FsmTest::row).toList();
    for (Set<FsmFact> facts : allFacts()) {
      for (FsmState state : FsmState.values()) {
        for (FsmEvent event : FsmEvent.values()) {
          List<Row> fitting =
              rows.stream()
                  .filter(r -> r.state == state && r.events.contains(event) && r.fits(facts))
                  .toList();
          assertThat(fitting).as("rows for %s, %s, %s", state, event, facts).isNotEmpty();
          for (Row row : fitting) {
            Transition transition = Fsm.next(state, event, facts);
            assertThat(transition.next()).as(row.text).isEqualTo(row.next);
            assertThat(transition.actions())
                .as("%s with %s", row.text, facts)
                .isEqualTo(actions(row.actions, facts));
          }
        }
      }
    }
  }

  @Test
  void theNumbersOfEventsAreTheRfcs() {
    assertThat(Arrays.stream(FsmEvent.values()).map(FsmEvent::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 29).boxed().toList());
  }

  private static List<Set<FsmFact>> allFacts() {
    List<Set<FsmFact>> all = new ArrayList<>();
    FsmFact[] facts = FsmFact.values();
    for (int bits = 0; bits < 1 << facts.length; bits++) {
      Set<FsmFact> some = EnumSet.noneOf(FsmFact.class);
      for (int i = 0; i < facts.length; i++) {
        if ((bits >> i & 1) == 1) {
          some.add(facts[i]);
        }
      }
      all.add(some);
    }
    return all;
  }

  private static Row row(String line) {
    String[] cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
    Set<FsmFact> present = EnumSet.noneOf(FsmFact.class);
    Set<FsmFact> absent = EnumSet.noneOf(FsmFact.class);
    for (String word : words(cells[2])) {
      if (word.startsWith("!")) {
        absent.add(FsmFact.valueOf(word.substring(1)));
      } else {
        present.add(FsmFact.valueOf(word));
      }
    }
    return new Row(
        line, state(cells[0]), events(cells[1]), present, absent, state(cells[3]), cells[4]);
  }

  private static List<String> words(String cell) {
    return cell.isEmpty() ? List.of() : List.of(cell.split(" +", -1));
  }

  private static FsmState state(String name) {
    return Arrays.stream(FsmState.values())
        .filter(s -> s.toString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<FsmEvent> events(String cell) {
    List<FsmEvent> events = new ArrayList<>();
    for (String part : cell.split(",", -1)) {
      String[] ends = part.split("-", -1);
      int from = Integer.parseInt(ends[0]);
      int to = Integer.parseInt(ends[ends.length - 1]);
      for (FsmEvent event : FsmEvent.values()) {
        if (event.number() >= from && event.number() <= to) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static List<FsmAction> actions(String cell, Set<FsmFact> facts) {
    return words(cell.replace("FAIL", "RELEASE DROP INCREMENT DAMP?")).stream()
        .filter(w -> !w.equals("DAMP?") || facts.contains(FsmFact.DAMP_PEER_OSCILLATIONS))
        .map(FsmTest::action)
        .collect(Collectors.toList());
  }

  private static FsmAction action(String word) {
    return switch (word) {
      case "INITIALISE" -> FsmAction.INITIALISE_RESOURCES;
      case "COMPLETE" -> FsmAction.COMPLETE_INITIALISATION;
      case "RELEASE" -> FsmAction.RELEASE_RESOURCES;
      case "DROP" -> FsmAction.DROP_CONNECTION;
      case "REJECT" -> FsmAction.REJECT_CONNECTION;
      case "TRACK" -> FsmAction.TRACK_SECOND_CONNECTION;
      case "INITIATE" -> FsmAction.INITIATE_CONNECTION;
      case "ZERO" -> FsmAction.ZERO_CONNECT_RETRY_COUNTER;
      case "INCREMENT" -> FsmAction.INCREMENT_CONNECT_RETRY_COUNTER;
      case "DAMP?" -> FsmAction.DAMP_PEER_OSCILLATIONS;
      case "START_RETRY" -> FsmAction.START_CONNECT_RETRY_TIMER;
      case "STOP_RETRY" -> FsmAction.STOP_CONNECT_RETRY_TIMER;
      case "STOP_DELAY" -> FsmAction.STOP_DELAY_OPEN_TIMER;
      default -> FsmAction.valueOf(word);
    };
  }
}
