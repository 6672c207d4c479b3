package io.ocicat.rtnetlink;

class FakeRouteTableTest extends RouteTableContract {

  private final FakeRouteTable table = new FakeRouteTable();

  @Override
  RouteTable table() {
    return table;
  }
}
