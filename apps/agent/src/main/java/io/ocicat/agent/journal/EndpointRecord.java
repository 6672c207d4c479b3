package io.ocicat.agent.journal;

import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attachment and how far it is.
 *
 * @param network name of the CNI network it belongs to, the scope of GC
 * @param pod empty for a container that is no pod
 * @param podUid the pod's, where pods are objects; empty if it is not known
 * @param netnsPath {@code CNI_NETNS} of the ADD
 * @param labels {@code args.cni.labels}
 */
public record EndpointRecord(
    AttachmentKey key,
    String network,
    String namespace,
    String pod,
    String podUid,
    String netnsPath,
    List<IpAddress> addresses,
    Map<String, String> labels,
    Stage stage) {

  public EndpointRecord {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
  }

  /** Where in its life an attachment is. */
  public enum Stage {
    /** The intent is recorded; any part of the work may be done. */
    ADDING(1),
    /** ADD has been, or may be, answered with success. */
    READY(2),
    /** The intent to remove is recorded; any part of the work may be done. */
    DELETING(3);

    private final int code;

    Stage(int code) {
      this.code = code;
    }

    /** The number that stands for it in the journal. */
    int code() {
      return code;
    }

    static Optional<Stage> of(int code) {
      return Arrays.stream(values()).filter(stage -> stage.code == code).findFirst();
    }
  }

  EndpointRecord at(Stage next) {
    return new EndpointRecord(
        key, network, namespace, pod, podUid, netnsPath, addresses, labels, next);
  }
}
