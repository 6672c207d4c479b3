package io.ocicat.cni;

import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;

/** A call that is well-formed: all it needs is there and in the form the specification asks for. */
public sealed interface CniCall {

  /** The configuration, which also says the version to answer in. */
  NetConf conf();

  /**
   * @param requestedAddresses to be used and no others; empty to take any
   */
  record Add(
      NetConf conf,
      AttachmentKey key,
      NetnsReference netns,
      CniArgs args,
      Map<String, String> labels,
      List<IpAddress> requestedAddresses)
      implements CniCall {
    public Add {
      labels = Map.copyOf(labels);
      requestedAddresses = List.copyOf(requestedAddresses);
    }
  }

  record Del(NetConf conf, AttachmentKey key) implements CniCall {}

  /**
   * @param expected the result of ADD, as the runtime kept it
   */
  record Check(NetConf conf, AttachmentKey key, NetnsReference netns, CniResult expected)
      implements CniCall {}

  record Gc(NetConf conf, NetConf.ValidAttachments valid) implements CniCall {}

  record Status(NetConf conf) implements CniCall {}
}
