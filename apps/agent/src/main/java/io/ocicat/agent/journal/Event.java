package io.ocicat.agent.journal;

import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.IpAddress;
import java.util.List;

/** A step of history. */
sealed interface Event {

  /** The endpoint exists with these addresses, at this stage. */
  record Put(EndpointRecord endpoint) implements Event {}

  /** The endpoint reached a stage. */
  record Reached(AttachmentKey key, EndpointRecord.Stage stage) implements Event {}

  /** The endpoint is no more; its addresses are free, in their order. */
  record Gone(AttachmentKey key) implements Event {}

  /** The free addresses that have had owners, the longest free first. Begins a rewritten file. */
  record FreedOrder(List<IpAddress> addresses) implements Event {
    public FreedOrder {
      addresses = List.copyOf(addresses);
    }
  }
}
