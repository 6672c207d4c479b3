package io.ocicat.controller;

import io.ocicat.store.StoredObject;
import io.ocicat.sync.Notice;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Makes known what agents notice. Called on the controller's thread; never blocks. */
public interface Notices {

  /** It is in the log. */
  Notices LOGGED =
      new Notices() {
        @Override
        public void misunderstood(StoredObject policy, List<String> complaints) {
          LoggerFactory.getLogger(Notices.class)
              .warn("{}: {}", policy.key(), String.join("; ", complaints));
        }

        @Override
        public void logged(String node, Notice.Logged logged, AddressBook addresses) {
          LoggerFactory.getLogger(Notices.class).info("node {}: {}", node, logged);
        }

        @Override
        public void repaired(String node, Notice.Repaired repaired) {
          LoggerFactory.getLogger(Notices.class).warn("node {}: {}", node, repaired);
        }

        @Override
        public void unmet(String node, List<Notice.Unfulfilled> unmet) {
          LoggerFactory.getLogger(Notices.class).warn("node {}: {}", node, unmet);
        }
      };

  /**
   * A policy, or what is said about BGP, does not hold as it is written.
   *
   * @param policy its document
   */
  void misunderstood(StoredObject policy, List<String> complaints);

  /** Packets that policy denied or logged. */
  void logged(String node, Notice.Logged logged, AddressBook addresses);

  /** What others had changed on a node. */
  void repaired(String node, Notice.Repaired repaired);

  /** A node is the first that does not do this of what documents about BGP ask for. */
  void unmet(String node, List<Notice.Unfulfilled> unmet);
}
