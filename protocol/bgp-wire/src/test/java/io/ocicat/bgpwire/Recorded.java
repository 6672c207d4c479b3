package io.ocicat.bgpwire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a handler is told, as text: prefixes with {@code #path-id} where there is one. */
final class Recorded implements UpdateHandler {

  final Map<String, Attributes> announced = new LinkedHashMap<>();
  final List<String> withdrawn = new ArrayList<>();
  final List<Family> ended = new ArrayList<>();
  final List<AttributeError> errors = new ArrayList<>();
  @Nullable Notification notification;

  static Recorded of(ReceiveTraits traits, ByteBuffer... bodies) {
    Recorded recorded = new Recorded();
    UpdateParser parser = new UpdateParser(traits, new AttributeCache(16));
    for (ByteBuffer body : bodies) {
      recorded.notification = parser.parse(body, recorded);
      if (recorded.notification != null) {
        break;
      }
    }
    return recorded;
  }

  static List<String> prefixes(Nlri nlri) {
    List<String> list = new ArrayList<>();
    nlri.forEach(
        new PrefixVisitor() {
          @Override
          public void v4(int address, int length, int pathId) {
            list.add(new io.ocicat.inet.Ipv4Address(address) + "/" + length + suffix(pathId));
          }

          @Override
          public void v6(long high, long low, int length, int pathId) {
            list.add(new io.ocicat.inet.Ipv6Address(high, low) + "/" + length + suffix(pathId));
          }
        });
    return list;
  }

  private static String suffix(int pathId) {
    return pathId == 0 ? "" : "#" + Integer.toUnsignedString(pathId);
  }

  @Override
  public void announce(Family family, Attributes attributes, Nlri nlri) {
    prefixes(nlri).forEach(prefix -> announced.put(prefix, attributes));
  }

  @Override
  public void withdraw(Family family, Nlri nlri) {
    for (String prefix : prefixes(nlri)) {
      announced.remove(prefix);
      withdrawn.add(prefix);
    }
  }

  @Override
  public void endOfRib(Family family) {
    ended.add(family);
  }

  @Override
  public void malformed(AttributeError error) {
    errors.add(error);
  }
}
