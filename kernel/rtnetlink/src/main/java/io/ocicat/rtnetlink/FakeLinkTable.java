package io.ocicat.rtnetlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Links in memory for tests. */
public final class FakeLinkTable implements LinkTable {

  private final List<LinkMessage> links = new ArrayList<>();

  public void add(LinkMessage link) {
    links.add(link);
  }

  public void remove(String name) {
    links.removeIf(link -> link.name().equals(name));
  }

  @Override
  public List<LinkMessage> links() {
    return List.copyOf(links);
  }

  @Override
  public Optional<LinkMessage> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }

  @Override
  public Optional<LinkMessage> link(int index) {
    return links.stream().filter(link -> link.index() == index).findFirst();
  }
}
