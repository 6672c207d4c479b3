package io.ocicat.rtnetlink;

import io.ocicat.libc.NetNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RtnetlinkRouteTableIT extends RouteTableContract {

  private final NetNamespace namespace = NetNamespace.create();
  private final Rtnetlink rtnetlink = Rtnetlink.openIn(namespace);

  @AfterEach
  void close() {
    rtnetlink.close();
    namespace.close();
  }

  @Override
  RouteTable table() {
    return rtnetlink;
  }
}
